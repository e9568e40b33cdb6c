package io.hamlet.manager.consensus;

import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.disk.Trees;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Snapshots as files, in the form that Ratis sends to a voter that lags. On the disk before the log
 * behind them is dropped. Damage is found by the checksum (MD5, which is Ratis' choice), not by
 * malice.
 */
final class Snapshots extends SimpleStateMachineStorage {
  private Path directory;
  private Path arriving;

  @Override
  public void init(RaftStorage storage) throws IOException {
    directory = storage.getStorageDir().getStateMachineDir().toPath();
    arriving = storage.getStorageDir().getTmpDir().toPath();
    super.init(storage);
  }

  void write(TermIndex at, byte[] bytes) throws IOException {
    File file = getSnapshotFile(at.getTerm(), at.getIndex());
    MessageDigest md5 = MD5FileUtil.newMD5();
    md5.update(bytes);
    MD5Hash digest = MD5Hash.newInstance(md5.digest());
    // The sum first: a snapshot without one is damaged.
    MD5FileUtil.saveMD5File(file, digest);
    try (OutputStream out = new AtomicFileOutputStream(file)) {
      out.write(bytes);
    }
    Durable.names(directory);
    updateLatestSnapshot(
        new SingleFileSnapshotInfo(
            new FileInfo(file.toPath(), digest), at.getTerm(), at.getIndex()));
  }

  /** The newest, or null when there is none. Throws IOException when it is damaged. */
  byte[] read() throws IOException {
    SingleFileSnapshotInfo latest = loadLatestSnapshot();
    if (latest == null) {
      return null;
    }
    File file = latest.getFile().getPath().toFile();
    if (!MD5FileUtil.computeMd5ForFile(file).equals(latest.getFile().getFileDigest())) {
      throw new IOException("the snapshot " + file + " is damaged");
    }
    return Files.readAllBytes(file.toPath());
  }

  /** False when it is not what its sum says; one without a sum is none for Ratis. */
  static boolean isWhole(Path snapshot) throws IOException {
    File file = snapshot.toFile();
    MD5Hash sum = MD5FileUtil.readStoredMd5ForFile(file);
    return sum == null || MD5FileUtil.computeMd5ForFile(file).equals(sum);
  }

  /** What another voter sent is made durable before it takes the place of the log. */
  void syncArrived() throws IOException {
    if (Files.isDirectory(arriving)) {
      for (Path path : Trees.all(arriving)) {
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
          open.force(true);
        }
      }
    }
  }
}
