package dev.migrate.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What Surefire or Failsafe say has run. */
final class Reports {
    /**
     * One class's report.
     *
     * @param tests how many tests there were, skipped ones among them
     * @param skipped how many of them were skipped
     */
    record Report(int tests, int skipped) {}

    private Reports() {}

    /** The reports in a directory, by class, that are not older than the given time. */
    static Map<String, Report> in(Path directory, Instant since) throws IOException {
        Map<String, Report> reports = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return reports;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
            for (Path file : files) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    String name = file.getFileName().toString();
                    reports.put(name.substring("TEST-".length(), name.length() - ".xml".length()), read(file));
                }
            }
        }
        return reports;
    }

    private static Report read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            xml.nextTag();
            return new Report(number(xml, "tests"), number(xml, "skipped"));
        } catch (XMLStreamException malformed) {
            throw new IOException(file + " is no report", malformed);
        }
    }

    private static int number(XMLStreamReader xml, String attribute) {
        return Integer.parseInt(xml.getAttributeValue(null, attribute));
    }
}
