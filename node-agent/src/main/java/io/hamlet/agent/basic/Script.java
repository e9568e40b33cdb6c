package io.hamlet.agent.basic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Files in a directory of scripts: which may be run. Symbolic links are followed. */
record Script(Path directory) {
  /** Relative names are below the directory. */
  Path path(String name) {
    return directory.resolve(name);
  }

  /** Why that script cannot be run; empty: it can. */
  String problemWith(String name) {
    Path path = path(name);
    try {
      Map<String, Object> file = Files.readAttributes(path, "unix:uid,mode,isRegularFile");
      int owner = (Integer) file.get("uid");
      int mode = (Integer) file.get("mode");
      if (!(Boolean) file.get("isRegularFile")) {
        return path + " is no regular file";
      }
      if (!Files.isExecutable(path)) {
        return path + " is not executable";
      }
      if (owner != 0 && owner != user()) {
        return path + " belongs to another user (" + owner + ") than root or this one";
      }
      if ((mode & 0002) != 0) {
        return path + " may be written by everybody";
      }
      return "";
    } catch (NoSuchFileException e) {
      return path + " is not there";
    } catch (IOException e) {
      return path + " cannot be looked at: " + e.getMessage();
    }
  }

  static int user() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
