package dev.migrate.verify.cluster.backfill;

import java.util.List;

/**
 * What a node is started with.
 *
 * @param name unique in the whole run, restarts included
 * @param passesBytes whether it may pass on rows unread, or maps each; both ways are killed
 */
record NodeSetup(String name, boolean passesBytes, String legacyUrl, String targetUrl, Options options) {
    static NodeSetup of(String... words) {
        return new NodeSetup(
                words[0],
                Boolean.parseBoolean(words[1]),
                words[2],
                words[3],
                new Options(
                        Integer.parseInt(words[4]),
                        Integer.parseInt(words[5]),
                        Integer.parseInt(words[6]),
                        Integer.parseInt(words[7]),
                        Integer.parseInt(words[8]),
                        Long.parseLong(words[9]),
                        Variant.valueOf(words[10])));
    }

    List<String> arguments() {
        return List.of(
                name,
                String.valueOf(passesBytes),
                legacyUrl,
                targetUrl,
                String.valueOf(options.rows()),
                String.valueOf(options.length()),
                String.valueOf(options.chunkRows()),
                String.valueOf(options.kills()),
                String.valueOf(options.writesPerSecond()),
                String.valueOf(options.seed()),
                options.variant().name());
    }
}
