package dev.migrate.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/** The body of a caller's request, passed on as it arrives; it can be read once, and its type is among the headers. */
final class CallerBody extends AbstractHttpEntity {
    /** The caller's connection failed, not the remote side's. */
    static final class Lost extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException original;

        Lost(IOException original) {
            super(original);
            this.original = original;
        }

        IOException original() {
            return original;
        }
    }

    private static final Set<String> WITHOUT_BODY_UNLESS_SAID = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "DELETE");
    private static final int BUFFER = 16 * 1024;
    private final InputStream body;
    private final long length;

    private CallerBody(InputStream body, long length) {
        super((ContentType) null, null, length < 0);
        this.body = body;
        this.length = length;
    }

    /** The body of a request; null where it has none. */
    static @Nullable CallerBody of(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        boolean isStreamed = length < 0
                && (request.getHeader("Transfer-Encoding") != null
                        || (request.getProtocol().startsWith("HTTP/2")
                                && !WITHOUT_BODY_UNLESS_SAID.contains(
                                        request.getMethod().toUpperCase(Locale.ROOT))));
        return length > 0 || isStreamed ? new CallerBody(request.getInputStream(), length) : null;
    }

    @Override
    public void writeTo(OutputStream remote) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long passed = 0;
        for (int read = read(buffer); read >= 0; read = read(buffer)) {
            remote.write(buffer, 0, read);
            passed += read;
        }
        if (passed < length) {
            throw new Lost(new EOFException("the request has a body of " + length + " bytes, but " + passed
                    + " were left to pass on; place the filter before whatever reads the body or its parameters,"
                    + " such as Spring's FormContentFilter, or switch that off"));
        }
    }

    private int read(byte[] buffer) throws IOException {
        try {
            return body.read(buffer);
        } catch (IOException lost) {
            throw new Lost(lost);
        }
    }

    @Override
    public InputStream getContent() {
        return body;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void close() {
        // the container closes what belongs to it
    }
}
