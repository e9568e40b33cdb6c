package io.hamlet.agent.beats;

import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.disk.Contents;
import io.hamlet.manager.port.BeatTable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beat table in files on tmpfs that entities map. Thread-safe. It outlives the manager: a
 * successor opens the same directory and finds every slot as it was.
 *
 * <p>Slot number = block number * {@link BeatBlock#SLOTS} + word. A block serves one user, whose
 * processes can spoil only their own words' meaning: what they must not touch (generations,
 * holders, beats of callers) is in a file they cannot open.
 */
public final class MappedBeatTable implements BeatTable, AutoCloseable {
  /** A million slots; and a bound on the memory that strangers can make us use. */
  static final int MAX_BLOCKS = 256;

  private static final Logger LOG = LoggerFactory.getLogger(MappedBeatTable.class);
  private static final Pattern HOLDERS_FILE = Pattern.compile("holders-(\\d{1,10})-(\\d{1,3})");

  private final Path directory;
  private final long ownUid;
  private final Predicate<ProcessId> alive;
  private final Arena arena = Arena.ofShared();

  /** Never changed, only replaced, under the lock; an entry is null where no block is. */
  private volatile BeatBlock[] blocks = new BeatBlock[0];

  /**
   * Opens the table, made if need be.
   *
   * @param directory on a tmpfs; its parent exists and lets those who beat pass
   * @param alive false only when that very process is gone for certain
   */
  public MappedBeatTable(Path directory, Predicate<ProcessId> alive) throws IOException {
    this.directory = directory.toAbsolutePath();
    this.alive = alive;
    BeatFiles.makeDirectory(this.directory);
    this.ownUid = BeatFiles.owner(this.directory);
    try {
      for (Path file : Contents.of(this.directory, "holders-*")) {
        Matcher name = HOLDERS_FILE.matcher(file.getFileName().toString());
        if (name.matches() && Integer.parseInt(name.group(2)) < MAX_BLOCKS) {
          open(Integer.parseInt(name.group(2)), Long.parseLong(name.group(1)));
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized int take(long uid, ProcessId holder) {
    int slot = takeFrom(uid, holder);
    // One who cannot open our own file either calls; his beats are counted there all the same.
    return slot < 0 && uid != ownUid ? takeFrom(ownUid, holder) : slot;
  }

  @Override
  public synchronized boolean claim(int slot, long generation, ProcessId holder) {
    BeatBlock block = block(slot);
    return block != null
        && Holders.isGeneration(generation)
        && block.claim(word(slot), generation, holder);
  }

  @Override
  public long generation(int slot) {
    BeatBlock block = block(slot);
    return block == null ? 0 : block.generation(word(slot));
  }

  @Override
  public long counter(int slot, long generation) {
    BeatBlock block = block(slot);
    return block == null ? -1 : block.counter(word(slot), generation);
  }

  @Override
  public void beat(int slot, long generation) {
    BeatBlock block = block(slot);
    if (block != null) {
      block.beat(word(slot), generation);
    }
  }

  @Override
  public synchronized void free(int slot, long generation) {
    BeatBlock block = block(slot);
    if (block != null) {
      block.free(word(slot), generation);
    }
  }

  @Override
  public Location locate(int slot) {
    BeatBlock block = block(slot);
    return block == null
        ? null
        : new Location(block.file().toString(), (long) word(slot) * Long.BYTES);
  }

  /** Unmaps; nobody may use it any more. The files stay. */
  @Override
  public synchronized void close() {
    for (BeatBlock block : blocks) {
      if (block != null) {
        block.close();
      }
    }
    arena.close();
  }

  private int takeFrom(long uid, ProcessId holder) {
    int slot = takeFree(uid, holder);
    if (slot < 0) {
      for (BeatBlock block : blocks) {
        if (block != null && block.uid() == uid) {
          block.sweep(alive);
        }
      }
      slot = takeFree(uid, holder);
    }
    return slot < 0 && grow(uid) ? takeFree(uid, holder) : slot;
  }

  private int takeFree(long uid, ProcessId holder) {
    for (int number = 0; number < blocks.length; number++) {
      BeatBlock block = blocks[number];
      int word = block != null && block.uid() == uid ? block.take(holder) : -1;
      if (word >= 0) {
        return number * BeatBlock.SLOTS + word;
      }
    }
    return -1;
  }

  /** A further block for that user; only root can give files away. */
  private boolean grow(long uid) {
    int number = blocks.length;
    if (number == MAX_BLOCKS || (uid != ownUid && ownUid != 0)) {
      return false;
    }
    try {
      open(number, uid);
      return true;
    } catch (IOException e) {
      LOG.warn("no file for the beats of user {}: {}", uid, e.toString());
      return false;
    }
  }

  private void open(int number, long uid) throws IOException {
    BeatBlock[] more = new BeatBlock[Math.max(blocks.length, number + 1)];
    System.arraycopy(blocks, 0, more, 0, blocks.length);
    more[number] = new BeatBlock(directory, number, uid, uid == ownUid, arena);
    blocks = more;
  }

  private BeatBlock block(int slot) {
    BeatBlock[] known = blocks;
    int number = slot / BeatBlock.SLOTS;
    return slot >= 0 && number < known.length ? known[number] : null;
  }

  private static int word(int slot) {
    return slot % BeatBlock.SLOTS;
  }
}
