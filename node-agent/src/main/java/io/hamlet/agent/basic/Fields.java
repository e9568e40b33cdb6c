package io.hamlet.agent.basic;

import java.util.List;
import java.util.Map;

/** Values of a JSON object by name; all throw IllegalArgumentException for another type. */
record Fields(Map<String, Object> map) {
  String text(String name) {
    Object value = map.getOrDefault(name, "");
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, "a string");
  }

  long number(String name) {
    if (map.get(name) instanceof Long number) {
      return number;
    }
    throw wrong(name, "a whole number");
  }

  int integer(String name) {
    return Math.toIntExact(Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number(name))));
  }

  boolean flag(String name) {
    if (map.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "true or false");
  }

  @SuppressWarnings("unchecked")
  Fields object(String name) {
    if (map.get(name) instanceof Map<?, ?> found) {
      return new Fields((Map<String, Object>) found);
    }
    throw wrong(name, "an object");
  }

  @SuppressWarnings("unchecked")
  List<Fields> objects(String name) {
    return list(name).stream()
        .map(
            o -> {
              if (o instanceof Map<?, ?> map) {
                return new Fields((Map<String, Object>) map);
              }
              throw wrong(name, "a list of objects");
            })
        .toList();
  }

  List<String> texts(String name) {
    return list(name).stream()
        .map(
            o -> {
              if (o instanceof String text) {
                return text;
              }
              throw wrong(name, "a list of strings");
            })
        .toList();
  }

  @SuppressWarnings("unchecked")
  Map<String, String> variables(String name) {
    if (map.get(name) instanceof Map<?, ?> map
        && map.values().stream().allMatch(String.class::isInstance)) {
      return (Map<String, String>) map;
    }
    throw wrong(name, "an object of strings");
  }

  private List<?> list(String name) {
    if (map.get(name) instanceof List<?> list) {
      return list;
    }
    throw wrong(name, "a list");
  }

  private static IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException("'" + name + "' must be " + what);
  }
}
