/**
 * What outlives a power cut. Knows nothing but the JDK; must not know what the files are for. Any
 * thread.
 */
package io.hamlet.manager.disk;
