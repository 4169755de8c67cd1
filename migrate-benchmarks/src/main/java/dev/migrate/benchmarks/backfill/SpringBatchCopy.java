package dev.migrate.benchmarks.backfill;

import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.Job;
import org.springframework.batch.core.JobExecution;
import org.springframework.batch.core.JobParametersBuilder;
import org.springframework.batch.core.Step;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobLauncher;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JobRepositoryFactoryBean;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.item.ItemReader;
import org.springframework.batch.item.ItemStreamReader;
import org.springframework.batch.item.database.JdbcBatchItemWriter;
import org.springframework.batch.item.database.Order;
import org.springframework.batch.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The copy as Spring Batch does it, with its state in the target's database, so that a step commits rows and state together. */
final class SpringBatchCopy {
    private static final String TABLE = "orders";
    private static final String COLUMNS = "id, customer, status, amount, quantity, email, paid, created";
    private static final int ROWS = 5_000;
    private static final RowMapper<Object[]> ROW = (row, number) -> new Object[] {
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        row.getBigDecimal(4),
        row.getInt(5),
        row.getString(6),
        row.getBoolean(7),
        row.getTimestamp(8)
    };

    private final DataSource legacy;
    private final DataSource target;
    private final JdbcTransactionManager transactions;
    private final JobRepository repository;
    private long runs;

    SpringBatchCopy(DataSource legacy, DataSource target) throws Exception {
        this.legacy = legacy;
        this.target = target;
        this.transactions = new JdbcTransactionManager(target);
        new ResourceDatabasePopulator(new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"))
                .execute(target);
        JobRepositoryFactoryBean made = new JobRepositoryFactoryBean();
        made.setDataSource(target);
        made.setTransactionManager(transactions);
        made.setDatabaseType("POSTGRES");
        made.afterPropertiesSet();
        this.repository = made.getObject();
    }

    /** Copies once; {@code byCursor} says whether one statement reads all rows, rather than one for each page. */
    void run(boolean byCursor) throws Exception {
        Step step = new StepBuilder("copy", repository)
                .<Object[], Object[]>chunk(ROWS, transactions)
                .reader(byCursor ? cursor() : paging())
                .writer(writer())
                .build();
        Job job = new JobBuilder("copy", repository).start(step).build();
        TaskExecutorJobLauncher launcher = new TaskExecutorJobLauncher();
        launcher.setJobRepository(repository);
        launcher.setTaskExecutor(new SyncTaskExecutor());
        launcher.afterPropertiesSet();
        JobExecution execution = launcher.run(
                job, new JobParametersBuilder().addLong("run", ++runs).toJobParameters());
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new IllegalStateException(
                    "Spring Batch ended as " + execution.getStatus(),
                    execution.getAllFailureExceptions().stream().findFirst().orElse(null));
        }
    }

    private ItemReader<Object[]> cursor() {
        return new JdbcCursorItemReaderBuilder<Object[]>()
                .name("orders")
                .dataSource(legacy)
                .sql("SELECT " + COLUMNS + " FROM " + TABLE + " ORDER BY id")
                .fetchSize(ROWS)
                .connectionAutoCommit(false)
                .rowMapper(ROW)
                .build();
    }

    private ItemReader<Object[]> paging() throws Exception {
        ItemStreamReader<Object[]> reader = new JdbcPagingItemReaderBuilder<Object[]>()
                .name("orders")
                .dataSource(legacy)
                .selectClause(COLUMNS)
                .fromClause(TABLE)
                .sortKeys(Map.of("id", Order.ASCENDING))
                .pageSize(ROWS)
                .fetchSize(ROWS)
                .rowMapper(ROW)
                .build();
        ((org.springframework.beans.factory.InitializingBean) reader).afterPropertiesSet();
        return reader;
    }

    private JdbcBatchItemWriter<Object[]> writer() {
        JdbcBatchItemWriter<Object[]> writer = new JdbcBatchItemWriterBuilder<Object[]>()
                .dataSource(target)
                .sql("INSERT INTO " + TABLE + " (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .itemPreparedStatementSetter((row, statement) -> {
                    for (int at = 0; at < row.length; at++) {
                        statement.setObject(at + 1, row[at]);
                    }
                })
                .assertUpdates(false)
                .build();
        writer.afterPropertiesSet();
        return writer;
    }
}
