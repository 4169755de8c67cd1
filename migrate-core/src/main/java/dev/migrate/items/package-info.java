/**
 * Moving and comparing collections of items that have a key and content: files, objects of a store, caches; start with
 * {@link dev.migrate.items.ItemBackfill}, and implement {@link dev.migrate.items.Items}.
 */
@NullMarked
package dev.migrate.items;

import org.jspecify.annotations.NullMarked;
