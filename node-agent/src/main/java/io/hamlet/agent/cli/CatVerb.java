package io.hamlet.agent.cli;

import io.hamlet.client.Tree;

/** {@code ham cat}. */
final class CatVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("cat", "PATH", "show one object, as its .info file has it");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String path = call.args().positional(0);
    Tree tree = call.hamFor(path).read(Call.local(path), 0);
    if (call.isJson()) {
      call.printJson(Documents.of(tree.node(), tree.objects().getFirst()));
    } else {
      call.caller().out().print(tree.objects().getFirst().info());
    }
    return ExitCode.DONE;
  }
}
