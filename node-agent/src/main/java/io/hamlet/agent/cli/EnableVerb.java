package io.hamlet.agent.cli;

import io.hamlet.client.HamObject;
import io.hamlet.client.Receipt;

/** {@code ham enable} and {@code ham disable}. */
final class EnableVerb implements Verb {
  private final String name;
  private final String summary;

  private EnableVerb(String name, String summary) {
    this.name = name;
    this.summary = summary;
  }

  static Verb enable() {
    return new EnableVerb("enable", "let an object act again");
  }

  static Verb disable() {
    return new EnableVerb("disable", "keep an object from acting, without removing it");
  }

  @Override
  public Spec spec() {
    return Spec.of(name, "PATH", summary, Opt.flag("recurse", "and all that is below it"));
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String path = call.args().positional(0);
    boolean recurse = call.args().has("recurse");
    boolean enable = name.equals("enable");
    HamObject object = call.at(path);
    Receipt receipt = enable ? object.enable(recurse) : object.disable(recurse);
    return call.changed(
        receipt,
        Call.local(path) + " is " + name + "d",
        Json.object(
            "node",
            receipt.node(),
            "path",
            Call.local(path),
            "enabled",
            enable,
            "recurse",
            recurse));
  }
}
