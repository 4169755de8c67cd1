package dev.migrate.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** What a remote side has answered, to be written to the caller as it arrives. */
record Answer(ClassicHttpResponse answer, URI base) {
    private static final int BUFFER = 16 * 1024;

    void writeTo(HttpServletResponse response) throws IOException {
        response.setStatus(answer.getCode());
        writeHeaders(response);
        @Nullable HttpEntity body = answer.getEntity();
        if (body == null) {
            return;
        }
        if (body.getContentLength() >= 0) {
            response.setContentLengthLong(body.getContentLength());
        }
        stream(body.getContent(), response.getOutputStream());
    }

    private void writeHeaders(HttpServletResponse response) {
        EndToEnd endToEnd = EndToEnd.of(answer.getHeaders("Connection"));
        Set<String> seen = new HashSet<>(Set.of("set-cookie"));
        for (Header header : answer.getHeaders()) {
            String lower = header.getName().toLowerCase(Locale.ROOT);
            if (!endToEnd.passes(lower)) {
                continue;
            }
            String value = header.getValue() == null ? "" : header.getValue();
            if (lower.equals("location")) {
                value = withoutBase(value);
            }
            // an answer has its own word on a header that a filter in front had set already, cookies apart
            if (seen.add(lower)) {
                response.setHeader(header.getName(), value);
            } else {
                response.addHeader(header.getName(), value);
            }
        }
    }

    /** A place at the base URI, as the caller sees it: the host and the base's path are nothing that it knows of. */
    private String withoutBase(String location) {
        String root = base.toString().replaceAll("/+$", "");
        if (!location.startsWith(root)) {
            return location;
        }
        String rest = location.substring(root.length());
        return rest.isEmpty() ? "/" : rest.startsWith("/") ? rest : rest.startsWith("?") ? "/" + rest : location;
    }

    private void stream(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = read(from, buffer); read >= 0; read = read(from, buffer)) {
            to.write(buffer, 0, read);
            if (from.available() == 0) {
                to.flush();
            }
        }
    }

    private int read(InputStream from, byte[] buffer) throws IOException {
        try {
            return from.read(buffer);
        } catch (InterruptedIOException slow) {
            throw new RemoteSideException(504, true, "the remote side " + base + " stopped in its answer", slow);
        } catch (IOException broken) {
            throw new RemoteSideException(502, true, "the remote side " + base + " broke off its answer", broken);
        }
    }
}
