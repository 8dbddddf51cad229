/* An HTTP server that logs, for each request, the number in its x-arrival header, when it was read and when its answer was
 * written, on the machine's monotonic clock. It answers after a fixed service time and stands still at regular intervals.
 * One thread; requests of a connection are answered one after the other. Requests are expected to fit into 8 KiB.
 *
 * Arguments: service time in us, length of a cycle in ms (0: it never stands still), how long it stands still at the end
 * of each cycle in ms, file for the log. Prints its port, and writes the log when it gets SIGTERM: three 64-bit integers for
 * each request (number or -1, read at, written at; nanoseconds).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { buffer_size = 8192, most_connections = 65536 };

struct entry { int64_t number, came, ended; };
struct connection { char *buffer; size_t used; uint32_t generation; int waiting; };
struct due { int fd; uint32_t generation; size_t entry; int64_t at; };

static struct connection connections[most_connections];
static struct entry *entries;
static size_t entry_count, entry_room;
static struct due *queue;
static size_t queue_head, queue_tail, queue_room;
static int64_t service_ns;
static volatile sig_atomic_t ended;

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void stop(int signal) { (void)signal; ended = 1; }

static void fail(const char *what) { perror(what); exit(1); }

static void end_connection(int fd) {
  connections[fd].generation++;
  connections[fd].used = 0;
  connections[fd].waiting = 0;
  close(fd);
}

static int respond(int fd, size_t entry) {
  if (write(fd, answer, sizeof answer - 1) != (ssize_t)(sizeof answer - 1)) {
    end_connection(fd);
    return 0;
  }
  entries[entry].ended = now();
  return 1;
}

static size_t add_entry(int64_t number, int64_t came) {
  if (entry_count == entry_room) {
    entry_room = entry_room ? entry_room * 2 : 1 << 16;
    entries = realloc(entries, entry_room * sizeof *entries);
    if (!entries) fail("realloc");
  }
  entries[entry_count] = (struct entry){ number, came, 0 };
  return entry_count++;
}

/* A ring: the service time is the same for all, so what came first is due first. */
static void add_due(int fd, size_t entry, int64_t at) {
  if (queue_tail - queue_head == queue_room) {
    size_t room = queue_room ? queue_room * 2 : 1 << 14;
    struct due *bigger = malloc(room * sizeof *bigger);
    if (!bigger) fail("malloc");
    for (size_t i = queue_head; i < queue_tail; i++) bigger[i % room] = queue[i % queue_room];
    free(queue);
    queue = bigger;
    queue_room = room;
  }
  queue[queue_tail++ % queue_room] = (struct due){ fd, connections[fd].generation, entry, at };
  connections[fd].waiting = 1;
}

static void serve(int fd, int64_t came) {
  struct connection *c = &connections[fd];
  while (!c->waiting && c->used > 0) {
    c->buffer[c->used] = 0;
    char *end = strstr(c->buffer, "\r\n\r\n");
    if (!end) return;
    size_t length = (size_t)(end - c->buffer) + 4;
    char *header = strcasestr(c->buffer, "\r\ncontent-length:");
    if (header && header < end) length += strtoul(header + 17, NULL, 10);
    if (c->used < length) return;
    header = strcasestr(c->buffer, "\r\nx-arrival:");
    size_t entry = add_entry(header && header < end ? strtoll(header + 12, NULL, 10) : -1, came);
    memmove(c->buffer, c->buffer + length, c->used - length);
    c->used -= length;
    if (service_ns > 0) add_due(fd, entry, came + service_ns);
    else if (!respond(fd, entry)) return;
  }
}

static void readable(int fd) {
  struct connection *c = &connections[fd];
  if (c->used >= buffer_size - 1) { end_connection(fd); return; }
  ssize_t count = read(fd, c->buffer + c->used, buffer_size - 1 - c->used);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) { end_connection(fd); return; }
  c->used += (size_t)count;
  serve(fd, now());
}

static void accept_all(int listener, int poll) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    if (fd >= most_connections) { close(fd); continue; }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!connections[fd].buffer && !(connections[fd].buffer = malloc(buffer_size))) fail("malloc");
    connections[fd].used = 0;
    connections[fd].waiting = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  }
}

static void answer_due(int timer) {
  int64_t t = now();
  while (queue_head < queue_tail) {
    struct due *d = &queue[queue_head % queue_room];
    if (d->at > t) break;
    queue_head++;
    struct connection *c = &connections[d->fd];
    if (c->generation != d->generation) continue;
    c->waiting = 0;
    int fd = d->fd;
    if (respond(fd, d->entry)) serve(fd, now());
  }
  struct itimerspec when = { 0 };
  if (queue_head < queue_tail) {
    int64_t at = queue[queue_head % queue_room].at;
    when.it_value.tv_sec = at / 1000000000;
    when.it_value.tv_nsec = at % 1000000000;
  }
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void write_log(const char *path) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(entries, sizeof *entries, entry_count, file) != entry_count || fclose(file)) fail(path);
}

int main(int count, char **arguments) {
  if (count != 5) { fprintf(stderr, "usage: arrival-server SERVICE_US CYCLE_MS STALL_MS LOG\n"); return 2; }
  service_ns = atoll(arguments[1]) * 1000;
  int64_t cycle = atoll(arguments[2]) * 1000000, stall = atoll(arguments[3]) * 1000000, next_stall = 0;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sigaction action = { .sa_handler = stop };
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 8192)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  int poll = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[1024];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = timer;
  epoll_ctl(poll, EPOLL_CTL_ADD, timer, &event);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  while (!ended) {
    int ready = epoll_wait(poll, events, 1024, 50);
    /* The first cycle begins with the first request. */
    if (cycle > 0 && entry_count > 0) {
      if (next_stall == 0) next_stall = entries[0].came + cycle - stall;
      int64_t left = next_stall + stall - now();
      if (left <= stall) {
        struct timespec rest = { left / 1000000000, left % 1000000000 };
        if (left > 0) nanosleep(&rest, NULL);
        next_stall += cycle;
      }
    }
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) accept_all(listener, poll);
      else if (fd == timer) { uint64_t ticks; if (read(timer, &ticks, sizeof ticks) < 0) continue; }
      else readable(fd);
    }
    answer_due(timer);
  }
  write_log(arguments[4]);
  return 0;
}
