package dev.migrate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.internal.call.Ladder;
import dev.migrate.service.OrderService.InMemory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused when a router is made: D1, D2, D5, D7 and S8. */
class ServiceRouterBuilderTest {
    private final Ladder ladder = new Ladder();

    @AfterEach
    void close() {
        ladder.close();
    }

    private <S> ServiceRouterBuilder<S> of(Class<S> type) {
        return ServiceRouter.of(ladder.migration(), type);
    }

    private <S> AbstractThrowableAssert<?, ? extends Throwable> refusal(Class<S> type, S one, S other) {
        Copier<Object> copier = (key, from, to) -> {};
        return assertThatThrownBy(
                        () -> of(type).legacy(one).target(other).copier(copier).build())
                .isInstanceOf(MigrationException.class);
    }

    interface Unmarked {
        @Reads
        String find(@MigrationKey String id);

        String forgotten(String id, int n);
    }

    record Named(String name) implements Unmarked {
        @Override
        public String find(String id) {
            return id;
        }

        @Override
        public String forgotten(String id, int n) {
            return id;
        }
    }

    @Test
    void d2_d7_anUnmarkedMethodIsNamed() {
        refusal(Unmarked.class, new Named("a"), new Named("b"))
                .hasMessage("method Unmarked.forgotten(String, int) is not marked; mark it @Reads or @Writes");
    }

    interface Both {
        @Reads
        @Writes
        String find(@MigrationKey String id);
    }

    @Test
    void aMethodMarkedTwice_isNamed() {
        Both one = id -> id;
        Both other = id -> id + "";
        refusal(Both.class, one, other).hasMessageContaining("Both.find(String) is marked both");
    }

    interface Keyless {
        @Writes
        void write(String id);
    }

    interface TwoKeys {
        @Reads
        String find(@MigrationKey String id, @MigrationKey String other);
    }

    interface Typo {
        @Reads
        String find(@MigrationKey("idd") OrderService.Order order);
    }

    interface Mixed {
        @Reads
        String find(@MigrationKey long id);

        @Reads
        String findShort(@MigrationKey int id);
    }

    interface Odd {
        @Reads
        String find(@MigrationKey Duration key);
    }

    interface Later {
        @Reads
        CompletableFuture<String> find(@MigrationKey String id);
    }

    interface Streaming {
        @Reads
        Stream<String> find(@MigrationKey String id);
    }

    @Test
    void d2_keysThatCannotWork_areNamedWithTheRemedy() {
        refusal(Keyless.class, id -> {}, id -> {})
                .hasMessageContaining("Keyless.write(String)")
                .hasMessageContaining("no @MigrationKey");
        refusal(TwoKeys.class, (a, b) -> a, (a, b) -> b).hasMessageContaining("has several");
        refusal(Typo.class, order -> "", order -> "x").hasMessageContaining("neither idd() nor getIdd()");
        refusal(Odd.class, key -> "", key -> "x")
                .hasMessageContaining("java.time.Duration")
                .hasMessageContaining("keyCodec(..)");
        refusal(Later.class, id -> null, id -> new CompletableFuture<>())
                .hasMessageContaining("not finished when the method returns");
        refusal(Streaming.class, id -> Stream.of(), id -> Stream.of("")).hasMessageContaining("not finished");
        Mixed one = new Mixed() {
            @Override
            public String find(long id) {
                return "";
            }

            @Override
            public String findShort(int id) {
                return "";
            }
        };
        Mixed other = new Mixed() {
            @Override
            public String find(long id) {
                return "";
            }

            @Override
            public String findShort(int id) {
                return "";
            }
        };
        refusal(Mixed.class, one, other).hasMessageContaining("Integer and Long");
    }

    interface WithDefault {
        @Reads
        String find(@MigrationKey String id);

        default String shout(String id) {
            return find(id) + "!";
        }
    }

    @Test
    void d5_anUnmarkedDefaultMethodThatASideOverrides_isNamed() {
        WithDefault plain = id -> id;
        WithDefault overriding = new WithDefault() {
            @Override
            public String find(String id) {
                return id;
            }

            @Override
            public String shout(String id) {
                return id.toUpperCase(java.util.Locale.ROOT);
            }
        };
        refusal(WithDefault.class, plain, overriding)
                .hasMessageContaining("WithDefault.shout(String) is a default method that is not marked")
                .hasMessageContaining("overrides it");
    }

    @Test
    void d1_theRoutedObjectAsASide_isRefused() {
        OrderService routed = of(OrderService.class)
                .legacy(new InMemory())
                .target(new InMemory())
                .copier((Long key, dev.migrate.Side from, dev.migrate.Side to) -> {})
                .build();
        refusal(OrderService.class, new InMemory(), routed).hasMessageContaining("call itself for ever");
        ServiceRouter.behind(routed).close();
    }

    @Test
    void s8_whatIsMissingIsNamed() {
        InMemory one = new InMemory();
        assertThatThrownBy(() -> of(OrderService.class).target(one).build()).hasMessageContaining("legacy is missing");
        assertThatThrownBy(() -> of(OrderService.class).legacy(one).build()).hasMessageContaining("target is missing");
        assertThatThrownBy(() -> of(OrderService.class)
                        .legacy(one)
                        .target(new InMemory())
                        .build())
                .hasMessageContaining("copier is missing");
        assertThatThrownBy(() -> of(OrderService.class).legacy(one).target(one).build())
                .hasMessageContaining("are the same");
        assertThatThrownBy(() -> of(InMemory.class)).hasMessageContaining("must be an interface");
        assertThatThrownBy(() -> of(OrderService.class).timeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> of(OrderService.class).comparePercent(101)).hasMessageContaining("101");
        assertThatThrownBy(() -> of(OrderService.class).parkAfter(0)).hasMessageContaining("parkAfter");
        assertThatThrownBy(() -> of(OrderService.class).records("a b")).hasMessageContaining("'a b'");
    }

    interface ReadsOnly {
        @Reads
        List<String> all();

        @Override
        boolean equals(Object other);

        @Override
        String toString();
    }

    @Test
    void aServiceThatOnlyReads_needsNoCopier() {
        ReadsOnly routed = of(ReadsOnly.class)
                .legacy(() -> List.of("legacy"))
                .target(() -> List.of("target"))
                .build();
        assertThat(routed.all()).containsExactly("legacy");
        assertThat(ServiceRouter.behind(routed).debt().isNone()).isTrue();
        assertThatThrownBy(() -> ServiceRouter.behind(routed).touched(List.of("x")))
                .hasMessageContaining("no method marked @Writes");
    }
}
