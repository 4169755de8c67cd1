package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.service.Copier;
import dev.migrate.service.MigrationKey;
import dev.migrate.service.Reads;
import dev.migrate.service.ServiceRouter;
import dev.migrate.service.Writes;
import dev.migrate.store.InMemoryMigrationStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ServiceSampleTest {
    // @start region="interface"
    interface AccountService {
        @Reads
        long balance(@MigrationKey String account);

        @Writes
        long deposit(@MigrationKey String account, long cents);
    }
    // @end region="interface"

    record Bank(Map<String, Long> accounts) implements AccountService {
        Bank() {
            this(new ConcurrentHashMap<>());
        }

        @Override
        public long balance(String account) {
            return accounts.getOrDefault(account, 0L);
        }

        @Override
        public long deposit(String account, long cents) {
            return accounts.merge(account, cents, Long::sum);
        }
    }

    @Test
    void depositIsMadeOnceAndItsResultIsCopied() throws Exception {
        Bank legacyBank = new Bank();
        Bank targetBank = new Bank();
        Copier<String> balanceCopier = (account, from, to) -> {
            Bank source = from == Side.LEGACY ? legacyBank : targetBank;
            Bank sink = to == Side.LEGACY ? legacyBank : targetBank;
            sink.accounts().put(account, source.balance(account));
        };
        Migration bank =
                Migration.named("bank").store(new InMemoryMigrationStore()).build();
        // @start region="service"
        AccountService accounts = ServiceRouter.of(bank, AccountService.class)
                .legacy(legacyBank)
                .target(targetBank)
                .copier(balanceCopier) // carries an account's state over; no deposit is made twice
                .build();
        // @end region="service"
        try (bank;
                ServiceRouter<AccountService> behind = ServiceRouter.behind(accounts)) {
            bank.moveTo(DUAL_WRITE, "wired");
            assertThat(accounts.deposit("acme", 500)).isEqualTo(500);
            assertThat(accounts.balance("acme")).isEqualTo(500);
            await().until(() -> behind.debt().isNone());
            assertThat(targetBank.balance("acme")).isEqualTo(500);
        }
    }
}
