package dev.migrate.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** Makes what the request's own thread does a unit of work. */
final class RequestScopes implements Filter {
    private final UnitScopes scopes;

    RequestScopes(UnitScopes scopes) {
        this.scopes = scopes;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try (UnitScopes.Open open = scopes.open()) {
            chain.doFilter(request, response);
        }
    }
}
