package io.hamlet.agent.cli;

import io.hamlet.client.Event;
import io.hamlet.client.TreeObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON shapes that more than one command prints (cli.md 3). */
final class Documents {
  private Documents() {}

  /** An object of the tree, with its own fields behind those that all have. */
  static Map<String, Object> of(String node, TreeObject object) {
    boolean isOfCluster = object.fields().containsKey("scope");
    Map<String, Object> document =
        Json.object(
            "tree", node,
            "node", isOfCluster ? object.runsOn() : node,
            "path", object.path(),
            "type", object.type(),
            "pid", object.pid(),
            "restarts", object.restarts(),
            "deaths", object.deaths(),
            "beats_missed", object.beatsMissed(),
            "created", object.created(),
            "last_death", object.lastDeath(),
            "token", object.token(),
            "kind", object.kind().name().toLowerCase(java.util.Locale.ROOT),
            "uid", object.uid(),
            "enabled", object.enabled(),
            "flags", object.flags());
    switch (object.kind()) {
      case ENTITY -> {
        document.put("state", object.state());
        document.put("user_state", object.userState());
        document.put("restarted", object.restarted());
        document.put("last_exit", object.lastExit());
        document.put("health", object.health());
        if (object.path().startsWith("*")) {
          document.put("right_ms", object.right().toMillis());
        }
        if (isOfCluster) {
          document.put("fields", new LinkedHashMap<>(object.fields()));
        }
      }
      case CONDITION -> document.put("fields", new LinkedHashMap<>(object.fields()));
      case ACTION -> {
        document.put("fields", new LinkedHashMap<>(object.fields()));
        document.put("on_fail", object.onFail());
      }
      case ROOT -> {}
    }
    return document;
  }

  static Map<String, Object> of(Event event) {
    return Json.object(
        "position", event.position(),
        "time", event.time(),
        "node", event.node(),
        "path", event.path(),
        "event", event.event(),
        "reason", event.reason(),
        "detail", event.detail());
  }
}
