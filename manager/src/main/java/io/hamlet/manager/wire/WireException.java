package io.hamlet.manager.wire;

/**
 * Bytes that are no value of this version, or a value that has no bytes. Names the field, as in
 * {@code state.entities[3].spec.argv}.
 */
public final class WireException extends RuntimeException {
  private final String field;
  private final String problem;

  WireException(String field, String problem) {
    super(field.isEmpty() ? problem : field + ": " + problem, null, false, false);
    this.field = field;
    this.problem = problem;
  }

  /** The path of the field, outermost first; empty when the bytes as a whole are meant. */
  public String field() {
    return field;
  }

  /** The same problem, seen from one level further out. */
  WireException within(String outer) {
    if (field.isEmpty()) {
      return new WireException(outer, problem);
    }
    return new WireException(outer + (field.startsWith("[") ? "" : ".") + field, problem);
  }
}
