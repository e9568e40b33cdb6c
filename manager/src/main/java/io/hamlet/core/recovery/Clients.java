package io.hamlet.core.recovery;

import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * Remembers answers, so that a request repeated after a broken connection is not done twice. Pure.
 */
public final class Clients {
  private Clients() {}

  /**
   * What is known of a request: an answer, that it is in work, or null. One whose answer the client
   * has confirmed is a stale copy and is refused: done again it would be done twice.
   */
  public static Client.Answered known(TreePMap<Long, Client> clients, RequestId id) {
    Client client = clients.get(id.client());
    if (client == null) {
      return null;
    }
    Client.Answered answered = client.answers().get(id.sequence());
    if (answered == null && id.sequence() < client.floor()) {
      throw Refused.invalid("request " + id.sequence() + " was answered, and the answer confirmed");
    }
    return answered;
  }

  static void remember(Turn turn, RequestId id, Client.Answered answer) {
    turn.clients(with(turn.clients(), turn.limits(), id, answer, turn.entryId().index()));
  }

  /**
   * With one answer more, and without those that the client has confirmed.
   *
   * @param index of the entry in which it was given
   * @throws Refused LIMIT: the client has confirmed too few
   */
  public static TreePMap<Long, Client> with(
      TreePMap<Long, Client> known,
      Limits limits,
      RequestId id,
      Client.Answered answer,
      long index) {
    if (id.client() == 0) {
      return known;
    }
    Client client = known.get(id.client());
    TreePMap<Long, Client.Answered> answers = client == null ? TreePMap.empty() : client.answers();
    while (!answers.isEmpty() && answers.firstKey() < id.answeredBelow()) {
      answers = answers.minus(answers.firstKey());
    }
    boolean fits = answers.size() < limits.unansweredPerClient();
    if (!fits && !answers.containsKey(id.sequence())) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "this client has " + answers.size() + " requests whose answers it has not confirmed");
    }
    TreePMap<Long, Client> clients = client == null ? withRoom(known, limits) : known;
    long floor = Math.max(client == null ? 0 : client.floor(), id.answeredBelow());
    Client updated = new Client(answers.plus(id.sequence(), answer), floor, index);
    return clients.plus(id.client(), updated);
  }

  /** Answers a request whose outcome had to be awaited. An event, which is never refused. */
  static void answer(Turn turn, RequestId id, Reply reply) {
    Client client = turn.clients().get(id.client());
    boolean isConfirmed = client != null && !client.answers().containsKey(id.sequence());
    if (!isConfirmed) {
      remember(turn, id, new Client.Given(reply));
    }
    turn.emit(new Effect.Answer(id, reply));
  }

  private static TreePMap<Long, Client> withRoom(TreePMap<Long, Client> clients, Limits limits) {
    if (clients.size() < limits.clients()) {
      return clients;
    }
    Map.Entry<Long, Client> idlest = null;
    for (Map.Entry<Long, Client> each : clients.entrySet()) {
      if (idlest == null || each.getValue().lastIndex() < idlest.getValue().lastIndex()) {
        idlest = each;
      }
    }
    return clients.minus(idlest.getKey());
  }
}
