package io.hamlet.agent.cli;

import io.hamlet.client.Tree;
import io.hamlet.client.TreeObject;

/** {@code ham tree}. */
final class TreeVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("tree", "[PATH]", "show everything, or what is below an object");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String path = call.args().positional(0, "");
    Tree tree = call.hamFor(path).read(Call.local(path), -1);
    if (call.isJson()) {
      call.printJson(
          tree.objects().stream()
              .filter(o -> o.kind() != TreeObject.Kind.ROOT)
              .map(o -> Documents.of(tree.node(), o))
              .toList());
      return ExitCode.DONE;
    }
    for (TreeObject object : tree.objects()) {
      call.print(
          switch (object.kind()) {
            case ROOT -> tree.node();
            case ENTITY -> "  " + line(object);
            case CONDITION -> "    " + line(object);
            case ACTION -> "      " + line(object);
          });
    }
    return ExitCode.DONE;
  }

  /** One object on one line; of its path the last name. */
  static String line(TreeObject object) {
    String name = object.path().substring(object.path().lastIndexOf('/') + 1);
    StringBuilder line = new StringBuilder("%-20s %s".formatted(name, object.type()));
    switch (object.kind()) {
      case ENTITY -> {
        if (!object.type().equals("GLOBAL")) {
          appendLife(line, object);
        }
      }
      case CONDITION, ACTION ->
          object.fields().forEach((k, v) -> line.append(v.isEmpty() ? "" : ", " + k + " " + v));
      case ROOT -> {}
    }
    if (!object.onFail().isEmpty()) {
      line.append(", on fail ").append(String.join(" ", object.onFail()));
    }
    return line.append(object.enabled() ? "" : ", disabled").toString();
  }

  private static void appendLife(StringBuilder line, TreeObject entity) {
    line.append(", ").append(entity.state());
    if (entity.pid() > 0) {
      line.append(", pid ").append(entity.pid());
    }
    line.append(", ").append(entity.restarts()).append(" restarts");
    if (!entity.health().isEmpty()) {
      line.append(", ").append(entity.health());
    }
  }
}
