/** Tests on real nodes and real processes. */
package io.hamlet.it.live;
