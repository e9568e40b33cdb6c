package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody at the terminal of a node: each line is one call of {@code ham}. What is attached by its
 * hand are programs that only one may run.
 */
final class Operator {
  private static final Pattern EVENT =
      Pattern.compile(
          "\"node\":\"(.*?)\",\"path\":\"(.*?)\",\"event\":\"(.*?)\",\"reason\":\"(.*?)\","
              + "\"detail\":\"(.*?)\"");

  private final LiveNode terminal;
  private final Path directory;

  /**
   * @param directory of the test
   */
  Operator(LiveNode terminal, Path directory) {
    this.terminal = terminal;
    this.directory = directory;
  }

  /** The same, at another terminal. */
  Operator at(LiveNode node) {
    return new Operator(node, directory);
  }

  /**
   * @param line its words, apart by blanks
   * @param more words that may hold blanks
   */
  Said text(String line, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LiveNode.program().toString()));
    command.addAll(List.of(line.split(" ")));
    command.addAll(List.of(more));
    return Said.run(Map.of("HAM_SERVER", terminal.address()), command);
  }

  Said json(String line, String... more) throws IOException, InterruptedException {
    return text("-o json " + line, more);
  }

  /** Attaches a program to the cluster. */
  SoleProgram attach(String name, String options) throws IOException, InterruptedException {
    SoleProgram program = SoleProgram.in(Files.createDirectory(directory.resolve(name)));
    String[] words = program.command("").argv().toArray(String[]::new);
    json("attach " + name + " --scope cluster " + options + " --", words)
        .is(0)
        .has("node", "path", "pid", "type", "ack")
        .with("\"node\":\"*\",\"path\":\"" + name + "\"");
    return program;
  }

  /** What a node's status says of a member, as JSON. */
  String member(String node) throws IOException, InterruptedException {
    String status = json("status").is(0).out();
    Matcher member =
        Pattern.compile("\\{\"node\":\"" + node + "\",\"state\".*?\\}").matcher(status);
    assertThat(member.find()).as(status).isTrue();
    return member.group();
  }

  /** What has happened in the cluster, each as {@code node:path event reason, detail}. */
  List<String> told() throws IOException, InterruptedException {
    return json("--node * watch --from 0 --no-follow")
        .is(0)
        .out()
        .lines()
        .map(EVENT::matcher)
        .filter(Matcher::find)
        .map(
            e ->
                "%s:%s %s %s, %s"
                    .formatted(e.group(1), e.group(2), e.group(3), e.group(4), e.group(5)))
        .toList();
  }

  /** Waits until these have happened, in that order; others may have between. */
  void awaitTold(String... events) {
    Until.isTrue(
        "all of it is told",
        () -> {
          assertThat(told()).containsSubsequence(events);
          return true;
        });
  }

  /** Waits until a node's status says all of that of a member. */
  void awaitMember(String node, String... words) {
    Until.isTrue(
        terminal.name() + " says that of " + node,
        () -> {
          assertThat(member(node)).contains(words);
          return true;
        });
  }

  /** Waits for a start of that program, the first being 1. */
  static Start awaitStart(SoleProgram program, int number, String node) {
    Start start =
        Until.given(
            "start " + number + ": " + program,
            () -> program.starts().size() >= number ? program.starts().get(number - 1) : null);
    assertThat(start.node()).isEqualTo(node);
    return start;
  }
}
