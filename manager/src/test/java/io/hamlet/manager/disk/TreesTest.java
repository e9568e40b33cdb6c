package io.hamlet.manager.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  @TempDir Path directory;

  @Test
  void allOfItIsRemovedAndNothingBeside() throws IOException {
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/file"), "x");
    Files.writeString(tree.resolve("a-file"), "x");
    Path beside = Files.writeString(directory.resolve("tree-beside"), "x");
    Trees.remove(tree);
    assertThat(tree).doesNotExist();
    assertThat(beside).exists();
    Trees.remove(tree);
  }

  @Test
  void whatALinkLeadsToStays() throws IOException {
    Path kept = Files.createDirectory(directory.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("inside"), kept);
    Path link = Files.createSymbolicLink(directory.resolve("link"), kept);
    Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("none"));
    Trees.remove(tree);
    Trees.remove(link);
    Trees.remove(nowhere);
    assertThat(kept.resolve("file")).exists();
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(Files.exists(nowhere, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
