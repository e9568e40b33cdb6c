package io.hamlet.core.model;

import java.nio.charset.StandardCharsets;

/**
 * The name of an entity, a condition, an action or an action-fail item (ham.md 1.2).
 *
 * <p>1 to 255 bytes of UTF-8 without {@code /}, control characters or NUL; {@code .}, {@code ..}
 * and {@code .info} are refused because the tree is shown as files. {@code .global} is the global
 * entity and can be referred to but not created.
 */
public record Name(String value) implements Comparable<Name> {
  /** {@code _POSIX_PATH_MAX} less the end mark. */
  public static final int MAX_BYTES = 255;

  /** The entity that stands for every monitored entity of this HAM (ham.md 1.4). */
  public static final Name GLOBAL = new Name(".global");

  public Name {
    if (value == null || value.isEmpty()) {
      throw Refused.invalid("the name is empty; give one of 1 to 255 bytes");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG,
          "the name '"
              + value.substring(0, Math.min(20, value.length()))
              + "...' is longer than "
              + MAX_BYTES
              + " bytes");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '/' || Character.isISOControl(c) || isLoneSurrogate(value, i)) {
        throw Refused.invalid(
            "the name has a forbidden character at position "
                + i
                + "; '/', control characters and broken UTF-16 are not allowed");
      }
    }
    if (value.equals(".") || value.equals("..") || value.equals(".info")) {
      throw Refused.invalid("the name '" + value + "' is reserved");
    }
  }

  /** True for the one name that exists always and is never created. */
  public boolean isGlobal() {
    return equals(GLOBAL);
  }

  @Override
  public int compareTo(Name other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isLoneSurrogate(String s, int i) {
    char c = s.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(s.charAt(i - 1)));
  }
}
