package dev.migrate.verify.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What a node is started with.
 *
 * @param name unique in the whole run, restarts included
 * @param history the directory for its clients' histories
 * @param perSecond operations of each client, at most
 * @param lacking what is left out, in a broken variant
 */
record NodeSetup(
        String name,
        String legacyUrl,
        String targetUrl,
        Path history,
        int clients,
        int perSecond,
        int keys,
        long seed,
        Workload workload,
        Lacking lacking) {

    static NodeSetup of(String... arguments) {
        return new NodeSetup(
                arguments[0],
                arguments[1],
                arguments[2],
                Path.of(arguments[3]),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Long.parseLong(arguments[7]),
                Workload.valueOf(arguments[8]),
                Lacking.valueOf(arguments[9]));
    }

    List<String> arguments() {
        return List.of(
                name,
                legacyUrl,
                targetUrl,
                history.toString(),
                String.valueOf(clients),
                String.valueOf(perSecond),
                String.valueOf(keys),
                String.valueOf(seed),
                workload.name(),
                lacking.name());
    }
}
