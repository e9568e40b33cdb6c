/**
 * Databases that heal, in the shape of JDBC. Start at {@link
 * io.hamlet.client.recovery.jdbc.HaDataSource}.
 *
 * <p>Knows {@link io.hamlet.client.recovery} and java.sql. As thread-safe as the driver below.
 */
package io.hamlet.client.recovery.jdbc;
