package io.hamlet.it.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The project on disk, without what a build or a tool leaves behind. */
final class ProjectTree {
  static final List<String> MODULES =
      List.of("proto", "manager", "client-sdk", "node-agent", "it-tests");

  private static final Set<String> NOT_OURS = Set.of("target", "build", ".git", "node_modules");

  private ProjectTree() {}

  /** The folder of the parent pom; tests run in the folder of their module. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("it-tests")) ? here : here.getParent();
  }

  /** All files of the project whose name ends so, in a fixed order. */
  static List<Path> files(String... endings) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(root(), new Collector(found, List.of(endings)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final List<Path> found;
    private final List<String> endings;

    Collector(List<Path> found, List<String> endings) {
      this.found = found;
      this.endings = endings;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      String name = dir.getFileName().toString();
      boolean tool = name.startsWith(".") && !Set.of(".mvn", ".ci").contains(name);
      return NOT_OURS.contains(name) || (tool && !dir.equals(root()))
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && endings.stream().anyMatch(file.toString()::endsWith)) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
