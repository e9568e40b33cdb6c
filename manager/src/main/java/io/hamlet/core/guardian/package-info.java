/**
 * When one of the pair of managers counts as hanging: judged by its beat and by nothing else.
 *
 * <p>Pure values; time comes in as a number. Knows nothing but the JDK.
 */
package io.hamlet.core.guardian;
