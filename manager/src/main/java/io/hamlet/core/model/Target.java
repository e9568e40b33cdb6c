package io.hamlet.core.model;

/**
 * What a request is about: a path, and the handle it was taken from.
 *
 * @param uid the number of the object behind a handle, or 0 to take whatever has that name now. A
 *     handle whose object is gone is answered NOT_FOUND even if the name lives again (ham.md 1.12).
 */
public record Target(ObjectPath path, long uid) {
  public static Target of(String path) {
    return new Target(ObjectPath.parse(path), 0);
  }
}
