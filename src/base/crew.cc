#include "base/crew.h"

#include <utility>

namespace enlace {

Crew::Crew(std::size_t size) {
  try {
    for (std::size_t share = 1; share < size; ++share) {
      threads_.emplace_back([this, share] { serve(share); });
    }
  } catch (...) {  // no further thread to be had
    stop();
    throw;
  }
}

Crew::~Crew() {
  stop();
}

void Crew::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Crew::run(const std::function<void(std::size_t share)>& work) {
  const std::unique_lock busy(busy_, std::try_to_lock);
  if (!busy) return false;
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
    working_ = threads_.size();
    ++round_;
  }
  wake_.notify_all();
  call(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return working_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return true;
}

void Crew::serve(std::size_t share) {
  std::size_t round = 0;  // the last one that was worked on
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || round_ != round; });
    if (stop_) return;
    round = round_;
    lock.unlock();
    call(share);
    lock.lock();
    if (--working_ == 0) done_.notify_one();
  }
}

void Crew::call(std::size_t share) noexcept {
  try {
    (*work_)(share);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

}  // namespace enlace
