// A loop shared by a few threads, for work whose items do not depend on one another.
#pragma once

#include <cstddef>
#include <functional>

namespace enlace {

/// One worker per core of this machine; at least 1.
std::size_t machine_workers() noexcept;

/// Calls body(worker, item) once for every item in [0, count), from `workers` threads of which the
/// caller's own is worker 0. Which worker takes which item is not fixed: results must not depend
/// on it. `worker` is in [0, workers), so that each may own a workspace.
///
/// The first exception of a body stops the hand-out of further items and is rethrown here, in the
/// caller's thread, when all workers are done. With workers <= 1 no thread is started.
void parallel_for(std::size_t workers, std::size_t count,
                  const std::function<void(std::size_t worker, std::size_t item)>& body);

}  // namespace enlace
