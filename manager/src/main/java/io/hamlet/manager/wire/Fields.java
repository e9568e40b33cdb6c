package io.hamlet.manager.wire;

import com.google.protobuf.GeneratedMessage;
import io.hamlet.core.model.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How every codec of this package reads and writes a field, and says which one is wrong. */
final class Fields {
  private Fields() {}

  /** Decodes one part; what is wrong in it is reported under its name. */
  static <M extends GeneratedMessage, T> T in(String field, M part, Function<M, T> decode) {
    try {
      known(part);
      return decode.apply(part);
    } catch (WireException e) {
      throw e.within(field);
    } catch (Refused | IllegalArgumentException e) {
      throw new WireException(field, e.getMessage());
    }
  }

  /** As {@link #in}, of a part that must be there. */
  static <M extends GeneratedMessage, T> T required(
      boolean present, String field, M part, Function<M, T> decode) {
    if (!present) {
      throw new WireException(field, "is missing");
    }
    return in(field, part, decode);
  }

  /** As {@link #in}, or null when it is absent. */
  static <M extends GeneratedMessage, T> T optional(
      boolean present, String field, M part, Function<M, T> decode) {
    return present ? in(field, part, decode) : null;
  }

  /** Decodes a repeated part. */
  static <M extends GeneratedMessage, T> List<T> list(
      String field, List<M> parts, Function<M, T> decode) {
    List<T> result = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      M part = parts.get(i);
      try {
        known(part);
        result.add(decode.apply(part));
      } catch (WireException e) {
        throw e.within("[" + i + "]").within(field);
      } catch (Refused | IllegalArgumentException e) {
        throw new WireException(field + "[" + i + "]", e.getMessage());
      }
    }
    return result;
  }

  /** Applies a decoder to a scalar. */
  static <V, T> T scalar(String field, V value, Function<V, T> decode) {
    try {
      return decode.apply(value);
    } catch (WireException e) {
      throw e.within(field);
    } catch (Refused | IllegalArgumentException e) {
      throw new WireException(field, e.getMessage());
    }
  }

  /** The variant of a oneof that is absent or of a newer version. */
  static WireException noKind() {
    return new WireException("kind", "is missing or of a newer version of Hamlet");
  }

  /**
   * A text that has bytes. Protobuf would silently write {@code ?} for half a surrogate pair, and
   * the reader would have another value than the writer.
   */
  static String text(String field, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (!paired) {
        throw new WireException(field, "has half a surrogate pair at position " + i);
      }
      i++;
    }
    return value;
  }

  /** Texts that have bytes. */
  static List<String> texts(String field, List<String> values) {
    values.forEach(value -> text(field, value));
    return values;
  }

  private static void known(GeneratedMessage part) {
    if (!part.getUnknownFields().asMap().isEmpty()) {
      throw new WireException(
          "",
          part.getDescriptorForType().getName()
              + " has field "
              + part.getUnknownFields().asMap().keySet().iterator().next()
              + ", which this version of Hamlet does not know");
    }
  }
}
