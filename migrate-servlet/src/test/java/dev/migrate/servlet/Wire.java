package dev.migrate.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Speaks HTTP/1.1 byte by byte, so that nothing between a test and the wire tidies up. */
final class Wire {
    /** A message: its first line, its header lines as they were, its body without chunking. */
    record Message(String first, List<String> headers, byte[] body) {
        int status() {
            return Integer.parseInt(first.split(" ")[1]);
        }

        List<String> all(String name) {
            return headers.stream()
                    .filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        String text() {
            return new String(body, ISO_8859_1);
        }
    }

    private Wire() {}

    /** One request on a connection of its own. */
    static Message ask(int port, String first, String... headersThenBody) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request(first, headersThenBody).getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), first.startsWith("HEAD "));
        }
    }

    /** Header lines, and after an empty one the body. */
    static String request(String first, String... headersThenBody) {
        StringBuilder text = new StringBuilder(first).append(" HTTP/1.1\r\n");
        if (Arrays.stream(headersThenBody).noneMatch(line -> line.startsWith("Host:"))) {
            text.append("Host: shop.example\r\n");
        }
        boolean inBody = false;
        for (String line : headersThenBody) {
            text.append(line).append(inBody ? "" : "\r\n");
            inBody |= line.isEmpty();
        }
        return text + (inBody ? "" : "\r\n");
    }

    static Message read(InputStream in, boolean withoutBody) throws IOException {
        String first = line(in);
        List<String> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.add(line);
        }
        Message head = new Message(first, headers, new byte[0]);
        return withoutBody ? head : new Message(first, headers, body(in, head));
    }

    private static byte[] body(InputStream in, Message head) throws IOException {
        if (head.all("Transfer-Encoding").contains("chunked")) {
            return chunks(in);
        }
        if (!head.all("Content-Length").isEmpty()) {
            int length = Integer.parseInt(head.all("Content-Length").get(0));
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("body ended after " + body.length + " of " + length + " bytes");
            }
            return body;
        }
        boolean isAnswer = head.first().startsWith("HTTP/");
        boolean isBodiless = isAnswer && (head.status() == 304 || head.status() == 204);
        return isAnswer && !isBodiless ? in.readAllBytes() : new byte[0];
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            byte[] chunk = in.readNBytes(size);
            if (chunk.length < size) {
                throw new EOFException("chunk ended early");
            }
            body.write(chunk);
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";")[0].strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new EOFException("connection ended in a line: '" + line.toString(ISO_8859_1) + "'");
            }
            if (read != '\r') {
                line.write(read);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
