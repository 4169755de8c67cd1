/** Objects of an S3-compatible store as items that can be moved: {@link dev.migrate.examples.files.S3Items}. */
@NullMarked
package dev.migrate.examples.files;

import org.jspecify.annotations.NullMarked;
