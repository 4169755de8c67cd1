package dev.migrate.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** A real server with an application behind a filter. */
final class Front implements AutoCloseable {
    @FunctionalInterface
    interface Application {
        void serve(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    static {
        for (Handler console : Logger.getLogger("").getHandlers()) {
            console.setLevel(Level.OFF);
        }
    }

    private final Tomcat tomcat = new Tomcat();

    Front(Application application) throws Exception {
        this((request, response, chain) -> chain.doFilter(request, response), application);
    }

    Front(Filter filter, Application application) throws Exception {
        File directory = Files.createTempDirectory("front").toFile();
        directory.deleteOnExit();
        tomcat.setBaseDir(directory.getPath());
        tomcat.setPort(0);
        tomcat.getConnector().setEncodedSolidusHandling("passthrough");
        Context context = tomcat.addContext("", null);
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter");
        definition.setFilter(filter);
        FilterMap everything = new FilterMap();
        everything.setFilterName("filter");
        everything.addURLPattern("/*");
        context.addFilterDef(definition);
        context.addFilterMap(everything);
        Tomcat.addServlet(context, "application", new ApplicationServlet(application));
        context.addServletMappingDecoded("/", "application");
        tomcat.start();
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private static final class ApplicationServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient Application application;

        ApplicationServlet(Application application) {
            this.application = application;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            application.serve(request, response);
        }
    }
}
