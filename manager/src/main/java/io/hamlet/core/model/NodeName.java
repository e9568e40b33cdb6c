package io.hamlet.core.model;

import java.util.regex.Pattern;

/** What may be the name of a node, everywhere: on a command line, on a wire, as a directory. */
public final class NodeName {
  /** For people, behind the name of what is refused. */
  public static final String RULE = "1 to 64 of A-Z a-z 0-9 . _ -";

  private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");

  private NodeName() {}

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }
}
