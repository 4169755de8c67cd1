package dev.migrate.service;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A service as an application has it, and an implementation over a map. */
interface OrderService extends Reading<Long, OrderService.Order> {
    record Order(Long id, String text) {}

    final class SoldOut extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Override
    @Reads
    Optional<Order> find(@MigrationKey Long id);

    @Reads
    List<Order> findAll() throws IOException;

    @Writes
    Order place(@MigrationKey("id") Order order) throws SoldOut;

    @Writes
    void cancel(@MigrationKey long id);

    default String textOf(Long id) {
        return find(id).map(Order::text).orElse("none");
    }

    static OrderService inMemory() {
        return new InMemory();
    }

    class InMemory implements OrderService {
        final Map<Long, Order> rows = new ConcurrentHashMap<>();
        volatile Throwable failure;

        @Override
        public Optional<Order> find(Long id) {
            InMemory.<RuntimeException>failIfAsked(failure);
            return Optional.ofNullable(rows.get(id));
        }

        @Override
        public List<Order> findAll() throws IOException {
            InMemory.<IOException>failIfAsked(failure);
            return List.copyOf(rows.values());
        }

        @Override
        public Order place(Order order) throws SoldOut {
            InMemory.<SoldOut>failIfAsked(failure);
            rows.put(order.id(), order);
            return order;
        }

        @Override
        public void cancel(long id) {
            rows.remove(id);
        }

        @SuppressWarnings("unchecked")
        private static <X extends Throwable> void failIfAsked(Throwable failure) throws X {
            if (failure != null) {
                throw (X) failure;
            }
        }
    }
}
