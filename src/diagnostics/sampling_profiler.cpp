#include "diagnostics/sampling_profiler.hpp"

#include <execinfo.h>
#include <fmt/format.h>
#include <signal.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "diagnostics/symbols.hpp"

namespace tradeassist::diagnostics {
namespace {

constexpr std::size_t kDepthMax = 64;
constexpr std::size_t kSamplesMax = 20'000;
constexpr std::size_t kThreadsMax = 512;
constexpr std::chrono::milliseconds kLookForThreadsEvery{50};

struct Sample {
  std::array<void*, kDepthMax> frames;
  int depth = 0;
  std::uintptr_t interrupted = 0;  // where the thread was
};

struct Recorder {
  std::vector<Sample> samples = std::vector<Sample>(kSamplesMax);
  std::atomic<std::size_t> next = 0;
};

// What the handler of a signal needs cannot be given to it.
std::atomic<Recorder*> the_recorder = nullptr;
std::atomic<int> handlers_running = 0;

/// Only calls what a handler may: backtrace() allocates when it is first called, which was before, and finds the tables
/// for unwinding without a lock since glibc 2.35.
void on_signal(int, siginfo_t*, void* context) {
  const int saved = errno;
  handlers_running.fetch_add(1);
  if (Recorder* const recorder = the_recorder.load()) {
    const std::size_t place = recorder->next.fetch_add(1, std::memory_order_relaxed);
    if (place < kSamplesMax) {
      Sample& sample = recorder->samples[place];
#if defined(__x86_64__)
      sample.interrupted = static_cast<std::uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
      sample.interrupted = static_cast<ucontext_t*>(context)->uc_mcontext.pc;
#endif
      sample.depth = ::backtrace(sample.frames.data(), static_cast<int>(kDepthMax));
    }
  }
  handlers_running.fetch_sub(1);
  errno = saved;
}

/// The clock of a thread's processor time, from outside the thread (MAKE_THREAD_CPUCLOCK of the kernel).
clockid_t processor_time_of(pid_t thread) {
  constexpr unsigned kOfThread = 4, kScheduler = 2;
  return static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3) | kOfThread | kScheduler);
}

/// A timer for each thread that there is, and for those that come.
class ThreadTimers {
 public:
  explicit ThreadTimers(int hertz) : interval_{hertz == 1 ? 1 : 0, 1'000'000'000 / hertz % 1'000'000'000} {}
  ThreadTimers(const ThreadTimers&) = delete;
  ThreadTimers& operator=(const ThreadTimers&) = delete;
  ~ThreadTimers() {
    for (const auto& [thread, timer] : timers_) ::timer_delete(timer);
  }

  void look_for_threads() {
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc/self/task", error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      pid_t thread = 0;
      std::from_chars(name.data(), name.data() + name.size(), thread);
      if (thread > 0 && thread != own_ && timers_.size() < kThreadsMax && !timers_.contains(thread)) add(thread);
    }
  }

  std::size_t size() const { return timers_.size(); }
  int last_error() const { return error_; }

 private:
  void add(pid_t thread) {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGPROF;
    event._sigev_un._tid = thread;
    timer_t timer{};
    if (::timer_create(processor_time_of(thread), &event, &timer) != 0) {
      error_ = errno;  // it may just have ended
      return;
    }
    const itimerspec when{interval_, interval_};
    if (::timer_settime(timer, 0, &when, nullptr) != 0) {
      error_ = errno;
      ::timer_delete(timer);
      return;
    }
    timers_.emplace(thread, timer);
  }

  const timespec interval_;
  const pid_t own_ = ::gettid();
  std::map<pid_t, timer_t> timers_;
  int error_ = 0;
};

base::Result<void> handle_signal() {
  static const int failed = [] {
    std::array<void*, 4> frames{};
    ::backtrace(frames.data(), static_cast<int>(frames.size()));
    struct sigaction action{};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    return ::sigaction(SIGPROF, &action, nullptr) == 0 ? 0 : errno;
  }();
  if (failed != 0)
    return base::failure(base::ErrorCode::kUnsupported, std::string("SIGPROF: ") + std::strerror(failed));
  return {};
}

/// Stacks that are the same, counted; the frames of the handler left out.
Profile summed_up(const Recorder& recorder) {
  Profile profile;
  const std::size_t taken = recorder.next.load();
  const std::size_t kept = std::min(taken, kSamplesMax);
  profile.samples = static_cast<std::int64_t>(kept);
  profile.dropped = static_cast<std::int64_t>(taken - kept);
  std::map<std::vector<std::uintptr_t>, std::int64_t> counts;
  for (std::size_t i = 0; i < kept; ++i) {
    const Sample& sample = recorder.samples[i];
    std::vector<std::uintptr_t> stack;
    for (int k = 0; k < sample.depth; ++k)
      stack.push_back(reinterpret_cast<std::uintptr_t>(sample.frames[static_cast<std::size_t>(k)]));
    const auto interrupted = std::ranges::find(stack, sample.interrupted);
    if (interrupted != stack.end()) {
      stack.erase(stack.begin(), interrupted);
    } else {
      stack.assign(1, sample.interrupted);
    }
    // A return address may lie behind its function: what called is before it.
    for (std::size_t k = 1; k < stack.size(); ++k) --stack[k];
    ++counts[stack];
  }
  const Symbols symbols;
  std::unordered_map<std::uintptr_t, std::string> names;
  std::map<std::vector<std::string>, std::int64_t> named;
  for (const auto& [stack, count] : counts) {
    std::vector<std::string> functions;
    for (auto address = stack.rbegin(); address != stack.rend(); ++address) {
      auto known = names.find(*address);
      if (known == names.end()) known = names.emplace(*address, symbols.name_of(*address)).first;
      functions.push_back(known->second);
    }
    named[functions] += count;
  }
  for (const auto& [functions, count] : named) profile.stacks.push_back({functions, count});
  std::ranges::stable_sort(profile.stacks, std::ranges::greater(), &ProfiledStack::samples);
  return profile;
}

}  // namespace

base::Result<Profile> profile_process(const ProfileOptions& options, const std::stop_token& stop) {
  static std::mutex one_at_a_time;
  const std::unique_lock only(one_at_a_time, std::try_to_lock);
  if (!only.owns_lock()) {
    return base::failure(base::ErrorCode::kAlreadyExists, "another profile runs; try again when it has ended");
  }
  TRY(handle_signal());
  const auto recorder = std::make_unique<Recorder>();
  const auto started = std::chrono::steady_clock::now();
  std::size_t threads = 0;
  int error = 0;
  {
    the_recorder = recorder.get();
    ThreadTimers timers(options.hertz);
    while (!stop.stop_requested() && std::chrono::steady_clock::now() - started < options.duration) {
      timers.look_for_threads();
      std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(
          kLookForThreadsEvery, options.duration - (std::chrono::steady_clock::now() - started)));
    }
    threads = timers.size();
    error = timers.last_error();
  }
  the_recorder = nullptr;
  while (handlers_running.load() > 0) std::this_thread::yield();
  if (threads == 0) {
    return base::failure(base::ErrorCode::kUnsupported,
                         std::string("threads cannot be timed here: ") + std::strerror(error));
  }
  Profile profile = summed_up(*recorder);
  profile.threads = threads;
  profile.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return profile;
}

std::string collapsed_stacks(const Profile& profile) {
  std::string text;
  for (const ProfiledStack& stack : profile.stacks)
    text += fmt::format("{} {}\n", fmt::join(stack.functions, ";"), stack.samples);
  return text;
}

}  // namespace tradeassist::diagnostics
