package io.hamlet.core.cluster;

import io.hamlet.core.model.Refused;
import java.util.regex.Pattern;

/**
 * By what the obituary of a node's leash is known.
 *
 * @param incarnation of the node that it belongs to
 * @param generation rises with each leash of that incarnation
 * @param hash SHA-256 of its secret, 64 hexadecimal digits in lower case
 */
public record Leash(long incarnation, long generation, String hash) {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  public Leash {
    if (!HASH.matcher(hash).matches()) {
      throw Refused.invalid("the hash of a leash has 64 hexadecimal digits");
    }
  }

  boolean isAfter(Leash other) {
    return other == null
        || incarnation > other.incarnation
        || incarnation == other.incarnation && generation > other.generation;
  }
}
