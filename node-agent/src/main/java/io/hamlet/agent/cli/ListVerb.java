package io.hamlet.agent.cli;

import io.hamlet.client.Tree;
import io.hamlet.client.TreeObject;
import java.util.List;

/** {@code ham ls}. */
final class ListVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("ls", "[PATH]", "list the entities, or what is below an object");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String path = call.args().positional(0, "");
    Tree tree = call.hamFor(path).read(Call.local(path), 1);
    // The first is the object itself.
    List<TreeObject> below = tree.objects().stream().skip(1).toList();
    if (call.isJson()) {
      call.printJson(below.stream().map(o -> Documents.of(tree.node(), o)).toList());
    } else {
      below.forEach(o -> call.print(TreeVerb.line(o)));
    }
    return ExitCode.DONE;
  }
}
