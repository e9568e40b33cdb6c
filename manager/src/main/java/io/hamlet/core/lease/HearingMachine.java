package io.hamlet.core.lease;

import io.hamlet.core.lease.HearingEvent.Began;
import io.hamlet.core.lease.HearingEvent.FenceApplied;
import io.hamlet.core.lease.HearingEvent.ForgetApplied;
import io.hamlet.core.lease.HearingEvent.Hinted;
import io.hamlet.core.lease.HearingEvent.Present;
import io.hamlet.core.lease.HearingEvent.Ready;
import io.hamlet.core.lease.HearingEvent.Renewed;
import io.hamlet.core.lease.HearingEvent.SetAdopted;
import io.hamlet.core.lease.HearingEvent.Tick;
import io.hamlet.core.lease.HearingEvent.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * What a member makes of the datagrams of the others (architecture.md 4). As a listener:
 *
 * <ol>
 *   <li>H1. Only news is heard: a higher number of the same process, a later epoch, a later
 *       incarnation. The rest changes nothing and is not answered.
 *   <li>H2. A watched node of which neither manager was heard for half of its own lease is
 *       suspected, once.
 *   <li>H3. Who is newly watched, or by another lease, has a full period first.
 *   <li>H4. A hint has the node asked; when nothing is heard for a short time it is suspected. Any
 *       news withdraws the hint.
 *   <li>H5. News of a suspected node is reported, once.
 *   <li>H6. A tick of its own that comes late starts all counts anew: who stood still himself can
 *       not say that others were silent.
 *   <li>H11. Who says that nobody has answered it for half of its lease is not heard, nor is its
 *       Guardian, until it is answered: it holds no lease, and what it ran must go elsewhere. Only
 *       who answers itself may judge so.
 * </ol>
 *
 * As a voter:
 *
 * <ol>
 *   <li>H7. It acknowledges nothing before it is ready, and nothing as a Guardian.
 *   <li>H8. It acknowledges only the newest voter set of its own log, and only if it is of it; to
 *       any other it answers with that set.
 *   <li>H9. It acknowledges no fenced incarnation, nor one that was forgotten, and says so with the
 *       age of its last acknowledgement.
 *   <li>H10. That age is never more than its own time as a voter under its newest set.
 * </ol>
 */
public final class HearingMachine {
  private HearingMachine() {}

  /**
   * @param acts in order; mostly one or none
   */
  public record Step(HearingState state, List<HearingAct> acts) {}

  /** What an event makes of the state. An event without meaning just then changes nothing. */
  public static Step apply(HearingState state, HearingEvent event) {
    return switch (event) {
      case Tick tick -> tick(state, tick.now());
      case Renewed renewed -> renewed(state, renewed);
      case Present present -> present(state, present);
      case Watched watched -> quiet(watched(state, watched));
      case Hinted hinted -> hinted(state, hinted);
      case Began began -> quiet(state.began(began.now()));
      case Ready ready -> quiet(state.nowReady());
      case SetAdopted set ->
          quiet(set.set().equals(state.set()) ? state : state.adopt(set.set(), set.now()));
      case FenceApplied fence -> quiet(fenced(state, fence));
      case ForgetApplied forget -> quiet(state.with(forget.forgotten()));
    };
  }

  private static Step renewed(HearingState state, Renewed it) {
    Voice voice = state.voice(it.node());
    if (!voice.isNewsOfHam(it.incarnation(), it.epoch(), it.number())) {
      return quiet(state);
    }
    Voice spoke = voice.hamSpoke(it.incarnation(), it.epoch(), it.number(), it.now());
    boolean deaf = state.ready() && it.unanswered() >= state.timesOf(it.node()).suspicion();
    Voice known = deaf ? spoke.hearsNobody(voice) : spoke;
    List<HearingAct> acts = new ArrayList<>();
    HearingState heard = heard(state, it.node(), known, acts);
    HearingState answered = answer(heard, it, acts);
    return new Step(answered, acts);
  }

  private static HearingState answer(HearingState state, Renewed it, List<HearingAct> acts) {
    if (!state.ready()) {
      return state;
    }
    Granted granted = state.grants().getOrDefault(it.node(), Granted.NOTHING);
    if (it.incarnation() <= granted.fenced()
        || state.forgotten().has(it.node(), it.incarnation())) {
      long age = state.ackAge(it.node(), it.now());
      acts.add(new HearingAct.SayFenced(it.node(), it.number(), age));
      return state;
    }
    if (it.setIndex() != state.set().index() || !state.set().has(state.node())) {
      acts.add(new HearingAct.NameSet(it.node(), it.number(), state.set()));
      return state;
    }
    acts.add(new HearingAct.Acknowledge(it.node(), it.number(), it.setIndex()));
    return state.with(it.node(), new Granted(it.now(), granted.fenced()));
  }

  private static Step present(HearingState state, Present it) {
    Voice voice = state.voice(it.node());
    boolean news =
        it.guardian()
            ? voice.isNewsOfGuardian(it.incarnation(), it.number())
            : voice.isNewsOfHam(it.incarnation(), it.epoch(), it.number());
    if (!news) {
      return quiet(state);
    }
    Voice known =
        it.guardian()
            ? voice.guardianSpoke(it.incarnation(), it.number(), it.now())
            : voice.hamSpoke(it.incarnation(), it.epoch(), it.number(), it.now());
    List<HearingAct> acts = new ArrayList<>();
    return new Step(heard(state, it.node(), known, acts), acts);
  }

  private static HearingState heard(
      HearingState state, String node, Voice voice, List<HearingAct> acts) {
    HearingState known = state.with(node, voice);
    Watch watch = state.watches().get(node);
    if (watch == null || voice.isDeaf() || watch.heard() == watch) {
      return known;
    }
    if (watch.suspected()) {
      acts.add(new HearingAct.HeardAgain(node, voice.incarnation()));
    }
    long limit = watch.heard().limit(voice);
    return known.with(state.watches().plus(node, watch.heard()), Math.min(state.due(), limit));
  }

  private static HearingState watched(HearingState state, Watched it) {
    PSortedMap<String, Watch> watches = TreePMap.empty();
    long due = state.due();
    for (Map.Entry<String, LeaseTimes> each : it.nodes().entrySet()) {
      String node = each.getKey();
      if (!node.equals(state.node())) {
        Watch before = state.watches().get(node);
        Watch watch =
            before == null
                ? Watch.begin(each.getValue(), it.now())
                : before.by(each.getValue(), it.now());
        watches = watches.plus(node, watch);
        due = Math.min(due, watch.limit(state.voice(node)));
      }
    }
    return state.with(watches, watches.isEmpty() ? Long.MAX_VALUE : due);
  }

  private static Step hinted(HearingState state, Hinted it) {
    Watch watch = state.watches().get(it.node());
    if (watch == null || watch.hint(it.now()) == watch) {
      return quiet(state);
    }
    Watch asked = watch.hint(it.now()).ask();
    long next = Math.min(asked.nextQuestion(), asked.limit(state.voice(it.node())));
    HearingState known =
        state.with(state.watches().plus(it.node(), asked), Math.min(state.due(), next));
    return new Step(known, List.of(new HearingAct.Ask(it.node())));
  }

  private static Step tick(HearingState state, long now) {
    if (now < state.due()) {
      return quiet(state);
    }
    long late = now - state.due();
    List<HearingAct> acts = new ArrayList<>();
    PSortedMap<String, Watch> watches = state.watches();
    long due = Long.MAX_VALUE;
    for (Map.Entry<String, Watch> each : state.watches().entrySet()) {
      String node = each.getKey();
      Voice voice = state.voice(node);
      Watch before =
          late > each.getValue().times().late() ? each.getValue().anew(now) : each.getValue();
      Watch watch = before;
      if (now >= watch.limit(voice)) {
        watch = watch.suspect();
        acts.add(new HearingAct.Suspect(node, voice.incarnation()));
      } else if (now >= watch.nextQuestion()) {
        watch = watch.ask();
        acts.add(new HearingAct.Ask(node));
      }
      due = Math.min(due, Math.min(watch.limit(voice), watch.nextQuestion()));
      watches = watch == each.getValue() ? watches : watches.plus(node, watch);
    }
    return new Step(state.with(watches, due), acts);
  }

  private static HearingState fenced(HearingState state, FenceApplied it) {
    Granted granted = state.grants().getOrDefault(it.node(), Granted.NOTHING);
    return state.with(
        it.node(), new Granted(granted.acked(), Math.max(granted.fenced(), it.incarnation())));
  }

  private static Step quiet(HearingState state) {
    return new Step(state, List.of());
  }
}
