/* An entity that beats: beat FILE ID SOCKET NAME PERIOD_MS EVERY_MS MARK
 * Its first statement reads the clock; then it appends "CLOCK_MONOTONIC-ns pid ID" to FILE, attaches
 * itself as NAME by one gRPC call written by hand, appends "beating pid ID" to FILE.beating, and
 * stores a beat each EVERY_MS for ever. PERIOD_MS and MARK are what it promises. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, SETTINGS = 4, END_STREAM = 1, END_HEADERS = 4 };

static unsigned char out[1024], in[65536];
static int made;

static void bytes(const void *from, int size) {
  memcpy(out + made, from, size);
  made += size;
}

static void byte(int value) { out[made++] = value; }

static void varint(uint64_t value) {
  for (; value > 127; value >>= 7) byte(value | 128);
  byte(value);
}

/* The head of an HTTP/2 frame, with no size yet (RFC 9113, 4.1); answers where it begins. */
static int begin(int kind, int flags, int stream) {
  unsigned char head[9] = {0, 0, 0, kind, flags, 0, 0, 0, stream};
  bytes(head, sizeof head);
  return made - (int) sizeof head;
}

static void end(int at) {
  int size = made - at - 9;
  out[at + 1] = size >> 8;
  out[at + 2] = size;
}

/* A literal without indexing and without Huffman coding (RFC 7541, 6.2.2). */
static void header(const char *name, const char *value) {
  byte(0);
  byte(strlen(name));
  bytes(name, strlen(name));
  byte(strlen(value));
  bytes(value, strlen(value));
}

static void request(const char *name, uint64_t period, uint64_t mark) {
  static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  bytes(preface, sizeof preface - 1);
  end(begin(SETTINGS, 0, 0));
  int at = begin(HEADERS, END_HEADERS, 1);
  header(":method", "POST");
  header(":scheme", "http");
  header(":path", "/hamlet.v1.Ham/AttachSelf");
  header(":authority", "localhost");
  header("content-type", "application/grpc");
  header("te", "trailers");
  end(at);
  at = begin(DATA, END_STREAM, 1);
  int message = made + 5;
  bytes("\0\0\0\0", 5); /* not compressed, and the size of what follows */
  byte(2 << 3 | 2), varint(strlen(name)), bytes(name, strlen(name));
  byte(3 << 3), varint(getpid());
  byte(4 << 3), varint(period);
  byte(6 << 3), varint(mark);
  out[message - 1] = made - message;
  end(at);
}

static void all(int fd, unsigned char *to, int size) {
  for (int got = 0, n; got < size; got += n)
    if ((n = read(fd, to + got, size - got)) <= 0) exit(69);
}

/* The answer's message in `in`, its size; a refusal has none. */
static int answer(int fd) {
  unsigned char head[9];
  for (;;) {
    all(fd, head, sizeof head);
    int size = head[0] << 16 | head[1] << 8 | head[2];
    if (size > (int) sizeof in) exit(76);
    all(fd, in, size);
    if (head[3] == DATA && size > 5) return size;
    if (head[3] == HEADERS && head[4] & END_STREAM) exit(77);
  }
}

static uint64_t number(const unsigned char **at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7, ++*at) {
    value |= (uint64_t) (**at & 127) << shift;
    if (!(**at & 128)) break;
  }
  ++*at;
  return value;
}

/* The word of the table that AttachSelfResponse names, and in `generation` its upper half. */
static volatile uint64_t *word(int size, uint64_t *generation) {
  char table[4096] = "";
  uint64_t offset = 0;
  for (const unsigned char *at = in + 5; at < in + size;) {
    uint64_t key = number(&at), value = number(&at);
    if (key == (3 << 3 | 2) && value < sizeof table) memcpy(table, at, value), table[value] = 0;
    if (key == 4 << 3) offset = value;
    if (key == 6 << 3) *generation = value << 32;
    if ((key & 7) == 2) at += value;
  }
  int fd = open(table, O_RDWR | O_CLOEXEC);
  if (fd < 0) exit(74);
  char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset & ~4095ULL);
  if (page == MAP_FAILED) exit(74);
  return (volatile uint64_t *) (page + (offset & 4095));
}

static void append(const char *file, const char *line) {
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  int size = strlen(line);
  if (fd < 0 || write(fd, line, size) != size) exit(74);
  close(fd);
}

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (argc != 8 || strlen(argv[3]) >= sizeof address.sun_path || strlen(argv[4]) > 64) return 64;
  char line[128], beating[4096];
  snprintf(line, sizeof line, "%lld %d %s\n", now.tv_sec * 1000000000LL + now.tv_nsec,
           (int) getpid(), argv[2]);
  append(argv[1], line);
  strcpy(address.sun_path, argv[3]);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) return 69;
  request(argv[4], strtoull(argv[5], 0, 10) * 1000000, strtoull(argv[7], 0, 10));
  if (write(fd, out, made) != made) return 69;
  uint64_t generation = 0;
  volatile uint64_t *beats = word(answer(fd), &generation);
  close(fd);
  snprintf(line, sizeof line, "beating %d %s\n", (int) getpid(), argv[2]);
  snprintf(beating, sizeof beating, "%s.beating", argv[1]);
  struct timespec every = {.tv_nsec = atoi(argv[6]) * 1000000};
  for (uint32_t count = 1;; count++) {
    *beats = generation | count;
    if (count == 1) append(beating, line);
    nanosleep(&every, 0);
  }
}
