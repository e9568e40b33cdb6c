package io.hamlet.agent.basic.conf;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a file, with the section it stands in.
 *
 * @param text without blanks around it
 */
record ConfLine(String section, String text, String file, int line) {
  /** More than anybody writes by hand; keeps a wrong file from filling the memory. */
  static final int LONGEST = 8_192;

  /** A file and what is in it. A section without entries still is one: its line is kept too. */
  record Section(String name, String file, int line) {}

  /** What one file holds, in order. */
  record Parsed(List<Section> sections, List<ConfLine> entries) {}

  Fault fault(String problem) {
    return new Fault(file, line, problem);
  }

  /** Reads a text; adds to the faults what is no section, entry, comment or blank line. */
  static Parsed parse(String file, String text, List<Fault> faults) {
    List<Section> sections = new ArrayList<>();
    List<ConfLine> entries = new ArrayList<>();
    String section = null;
    int number = 0;
    for (String raw : text.split("\r?\n", -1)) {
      number++;
      String line = raw.strip();
      if (number == 1 && line.startsWith("\uFEFF")) {
        line = line.substring(1).strip();
      }
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      String problem = problem(line, section);
      if (problem != null) {
        faults.add(new Fault(file, number, problem));
      }
      if (line.startsWith("[")) {
        section = line.endsWith("]") ? line.substring(1, line.length() - 1).strip() : "";
        sections.add(new Section(section, file, number));
      } else if (problem == null) {
        entries.add(new ConfLine(section, line, file, number));
      }
    }
    return new Parsed(sections, entries);
  }

  private static String problem(String line, String section) {
    if (line.length() > LONGEST) {
      return "the line is longer than " + LONGEST + " characters";
    }
    if (line.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
      return "the line has a control character";
    }
    if (line.startsWith("[")) {
      return line.length() > 2 && line.endsWith("]")
          ? null
          : "a section is [NAME], alone in its line";
    }
    return section == null ? "'" + line + "' stands before the first section" : null;
  }
}
