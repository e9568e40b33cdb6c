package io.hamlet.it.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links between the documents: each must lead to a file, and to a heading in it. */
final class DocLinks {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");

  private DocLinks() {}

  /** One sentence for each link of a Markdown file that leads nowhere. */
  static List<String> broken(Path file, String text) {
    List<String> broken = new ArrayList<>();
    Matcher link = LINK.matcher(CODE_BLOCK.matcher(text).replaceAll(""));
    while (link.find()) {
      String to = link.group(1);
      if (!to.matches("[a-z]+:.*") && !resolves(file, text, to)) {
        broken.add(file + ": " + to + " leads nowhere");
      }
    }
    return broken;
  }

  private static boolean resolves(Path file, String text, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? file : file.resolveSibling(path);
    if (!path.isEmpty() && !Files.exists(target)) {
      return false;
    }
    String there = path.isEmpty() ? text : hash < 0 ? "" : ProjectTree.read(target);
    return hash < 0 || anchors(there).contains(link.substring(hash + 1));
  }

  /** The anchors of headings as the usual hosts make them. */
  private static List<String> anchors(String text) {
    return CODE_BLOCK
        .matcher(text)
        .replaceAll("")
        .lines()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ +", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
