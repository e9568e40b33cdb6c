package io.hamlet.agent.cli;

import io.hamlet.client.Action;
import io.hamlet.client.Condition;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;

/** A path of a certain depth, split at its slashes, and the connection it belongs to. */
record Place(Ham ham, String[] names) {
  /**
   * Throws {@link UsageException} for another depth.
   *
   * @param form such as {@code entity/condition}
   */
  static Place of(Call call, String path, String form) {
    String[] names = Call.local(path).split("/", -1);
    if (names.length != form.split("/").length) {
      throw call.args().wrong("'" + path + "' is not of the form " + form);
    }
    return new Place(call.hamFor(path), names);
  }

  Entity entity() {
    return ham.named(names[0]);
  }

  Condition condition() {
    return entity().named(names[1]);
  }

  Action action(String name) {
    return condition().named(name);
  }

  String last() {
    return names[names.length - 1];
  }
}
