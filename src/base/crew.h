// Threads that stay, for short pieces of work that are shared by all of them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace enlace {

/// A caller and `size() - 1` threads that wait for its work. Starting a thread takes longer than
/// what is shared here.
class Crew {
 public:
  explicit Crew(std::size_t size);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  std::size_t size() const noexcept { return threads_.size() + 1; }

  /// Calls work(share) for every share in [0, size()) at the same time, each on a thread of its
  /// own, share 0 on the caller's, and returns when all are done. Returns false, having done
  /// nothing, if the crew is at work for somebody else. Thread-safe.
  /// Rethrows the first exception of `work`.
  bool run(const std::function<void(std::size_t share)>& work);

 private:
  void serve(std::size_t share);
  void stop() noexcept;
  void call(std::size_t share) noexcept;

  std::mutex busy_;  // held by the caller of run()
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t round_ = 0;  // of work given out
  std::size_t working_ = 0;
  bool stop_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace enlace
