package dev.migrate.examples.files;

import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3Proxy in this process, on a port of the loopback, which keeps its objects in memory; its classes are its own. One for all tests. */
final class S3Server implements AutoCloseable {
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private final URLClassLoader loader;
    private final Object proxy;

    private S3Server(URLClassLoader loader, Object proxy) {
        this.loader = loader;
        this.proxy = proxy;
    }

    /** Gives tests the server, which ends after the last of them. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == S3Server.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(S3Server.class))
                    .getOrComputeIfAbsent(S3Server.class, unused -> started());
        }

        private static S3Server started() {
            try {
                return start();
            } catch (Exception failure) {
                throw new IllegalStateException("the server did not start", failure);
            }
        }
    }

    private static S3Server start() throws Exception {
        URL jar = Path.of(System.getProperty("s3proxy.jar")).toUri().toURL();
        URLClassLoader loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object store = call(null, loader.loadClass("org.jclouds.ContextBuilder"), "newBuilder", "transient");
            call(store, "credentials", USER, PASSWORD);
            Object context = call(store, "build", loader.loadClass("org.jclouds.blobstore.BlobStoreContext"));
            Object builder = call(null, loader.loadClass("org.gaul.s3proxy.S3Proxy"), "builder");
            call(builder, "blobStore", call(context, "getBlobStore"));
            call(builder, "endpoint", URI.create("http://127.0.0.1:0"));
            Class<?> authentication = loader.loadClass("org.gaul.s3proxy.AuthenticationType");
            call(builder, "awsAuthentication", call(null, authentication, "valueOf", "AWS_V4"), USER, PASSWORD);
            Object proxy = call(builder, "build");
            call(proxy, "start");
            return new S3Server(loader, proxy);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Object call(Object on, String method, Object... arguments) throws Exception {
        return call(on, on.getClass(), method, arguments);
    }

    private static Object call(Object on, Class<?> type, String method, Object... arguments) throws Exception {
        for (Method each : type.getMethods()) {
            if (each.getName().equals(method) && accepts(each, arguments)) {
                each.setAccessible(true);
                return each.invoke(on, arguments);
            }
        }
        throw new NoSuchMethodException(type + "." + method);
    }

    private static boolean accepts(Method method, Object[] arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int at = 0; at < types.length; at++) {
            if (!types[at].isInstance(arguments[at])) {
                return false;
            }
        }
        return true;
    }

    int port() throws Exception {
        return (int) call(proxy, "getPort");
    }

    S3Client client() throws Exception {
        return client(port());
    }

    /** A client that speaks to the server through a port, and repeats nothing by itself. */
    static S3Client client(int port) {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(USER, PASSWORD)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(options -> options.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(30))
                        .socketTimeout(Duration.ofSeconds(60))
                        .build())
                .build();
    }

    /** The name of a bucket that was just made. */
    static String bucket(S3Client client) {
        String name = "bucket-" + UUID.randomUUID();
        client.createBucket(bucket -> bucket.bucket(name));
        return name;
    }

    @Override
    public void close() throws Exception {
        call(proxy, "stop");
        loader.close();
    }
}
