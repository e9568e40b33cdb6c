package io.hamlet.core.model;

import java.nio.charset.StandardCharsets;

/**
 * Where an object stands in the tree: {@code entity}, {@code entity/condition} or {@code
 * entity/condition/action}. At most 255 bytes as text (ham.md 1.2).
 *
 * @param condition null when the path names an entity
 * @param action null when the path names an entity or a condition
 */
public record ObjectPath(Name entity, Name condition, Name action) {
  public ObjectPath {
    if (entity == null) {
      throw Refused.invalid("a path begins with the name of an entity");
    }
    if (condition == null && action != null) {
      throw Refused.invalid("a path with an action needs its condition");
    }
    int bytes = bytes(entity) + bytes(condition) + bytes(action);
    if (bytes > Name.MAX_BYTES + 1) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG,
          "the path of '" + entity + "' is longer than " + Name.MAX_BYTES + " bytes");
    }
  }

  public static ObjectPath of(Name entity) {
    return new ObjectPath(entity, null, null);
  }

  public static ObjectPath of(Name entity, Name condition) {
    return new ObjectPath(entity, condition, null);
  }

  /** Reads {@code a}, {@code a/b} or {@code a/b/c}; throws {@link Refused} for anything else. */
  public static ObjectPath parse(String text) {
    String[] part = text.split("/", -1);
    if (part.length > 3) {
      throw Refused.invalid("'" + text + "' has more parts than entity/condition/action");
    }
    return new ObjectPath(
        new Name(part[0]),
        part.length > 1 ? new Name(part[1]) : null,
        part.length > 2 ? new Name(part[2]) : null);
  }

  public ObjectPath with(Name child) {
    return condition == null
        ? new ObjectPath(entity, child, null)
        : new ObjectPath(entity, condition, child);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(entity.value());
    if (condition != null) {
      text.append('/').append(condition.value());
    }
    if (action != null) {
      text.append('/').append(action.value());
    }
    return text.toString();
  }

  private static int bytes(Name name) {
    return name == null ? 0 : name.value().getBytes(StandardCharsets.UTF_8).length + 1;
  }
}
