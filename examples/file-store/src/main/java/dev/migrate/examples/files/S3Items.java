package dev.migrate.examples.files;

import dev.migrate.items.Content;
import dev.migrate.items.Item;
import dev.migrate.items.ItemChangedException;
import dev.migrate.items.Items;
import dev.migrate.items.Precondition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects of a bucket whose keys begin with a prefix, by the rest of their keys.
 *
 * <p>An object is put whole or not at all, under {@code If-None-Match: *} or {@code If-Match} where there is a condition; whether these are checked in
 * one step with the write is the store's to say. A delete looks at the version right before it. The version is the entity tag. No digest is told,
 * because an entity tag is none; so what was written is read again. One request puts an object, which therefore has at most 5 GiB.
 *
 * <p>Thread-safe. It does not close the client.
 */
public final class S3Items implements Items {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private final S3Client client;
    private final String bucket;
    private final String prefix;

    private S3Items(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * Objects of a bucket.
     *
     * @param prefix what their keys begin with, such as {@code documents/}; empty for all objects
     */
    public static S3Items of(S3Client client, String bucket, String prefix) {
        return new S3Items(client, bucket, prefix);
    }

    @Override
    public String name() {
        return bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    @Override
    public Page page(@Nullable String cursor, int limit) {
        ListObjectsV2Response listed = client.listObjectsV2(list -> list.bucket(bucket)
                .prefix(prefix)
                .startAfter(cursor == null ? null : prefix + cursor)
                .maxKeys(Math.min(limit, 1_000)));
        List<Item> items = listed.contents().stream()
                .filter(object -> object.key().length() > prefix.length())
                .map(object -> new Item(object.key().substring(prefix.length()), object.size(), null, object.eTag()))
                .toList();
        boolean isLast = !Boolean.TRUE.equals(listed.isTruncated()) || items.isEmpty();
        return new Page(items, isLast ? null : items.get(items.size() - 1).key());
    }

    @Override
    public Optional<Item> find(String key) {
        try {
            HeadObjectResponse head =
                    client.headObject(object -> object.bucket(bucket).key(prefix + key));
            return Optional.of(new Item(key, head.contentLength(), null, head.eTag()));
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public InputStream open(Item item) throws IOException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(bucket)
                .key(prefix + item.key())
                .ifMatch(item.version())
                .build();
        try {
            ResponseInputStream<GetObjectResponse> object = client.getObject(request);
            return new ObjectStream(object);
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_FOUND || refused.statusCode() == PRECONDITION_FAILED) {
                throw new ItemChangedException("an object is gone or another since it was looked at");
            }
            throw refused;
        }
    }

    @Override
    public Optional<Item> write(String key, Content content, Precondition condition) throws IOException {
        boolean isConditional = condition.isAbsent() || condition.version() != null;
        if (isConditional && !condition.holds(find(key))) {
            return Optional.empty(); // before all of it is sent in vain
        }
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(prefix + key)
                .ifNoneMatch(condition.isAbsent() ? "*" : null)
                .ifMatch(condition.version())
                .build();
        try {
            String version = client.putObject(request, body(content)).eTag();
            return Optional.of(new Item(key, content.size(), null, version));
        } catch (S3Exception refused) {
            boolean isUnmet = refused.statusCode() == PRECONDITION_FAILED || refused.statusCode() == NOT_FOUND;
            if (isConditional && isUnmet) {
                return Optional.empty();
            }
            throw refused;
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static RequestBody body(Content content) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return content.open();
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                },
                content.size(),
                "application/octet-stream");
    }

    @Override
    public boolean delete(String key, Precondition condition) {
        Optional<Item> there = find(key);
        if (there.isEmpty() || !condition.holds(there)) {
            return false;
        }
        client.deleteObject(object -> object.bucket(bucket).key(prefix + key));
        return true;
    }

    @Override
    public String toString() {
        return "S3Items[" + name() + "]";
    }
}
