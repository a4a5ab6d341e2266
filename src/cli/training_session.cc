#include "cli/training_session.h"

#include <algorithm>
#include <fstream>

#include <fmt/core.h>

#include "cli/dev_sets.h"
#include "cli/terminal.h"
#include "io/json_writer.h"
#include "math/tier.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kReportSteps = 10;  // that a loss on the terminal is the mean of

/// Tells what goes on: on the terminal, and in a file of a line a step.
class Reporter {
 public:
  Reporter(const std::string& log, bool append, std::size_t pairs_a_step)
      : pairs_a_step_(pairs_a_step) {
    if (log.empty()) return;
    log_.open(log, append ? std::ios::app : std::ios::trunc);
    if (!log_) throw Error(ErrorKind::kIo, "{}: cannot be written", log);
  }

  void tell(const StepReport& report) {
    ++steps_;
    mean_ += (report.loss - mean_) / double(std::min(steps_, kReportSteps));
    if (!log_.is_open()) return;
    JsonWriter json;
    json.object()
        .member("step", report.step)
        .member("loss", report.loss)
        .member("gradient_norm", report.gradient_norm)
        .member("rate", report.rate)
        .member("positives", report.positives)
        .member("negatives", report.negatives)
        .member("tokens", std::uint64_t{report.tokens})
        .member("seconds", watch_.seconds())
        .close();
    log_ << json.text() << std::endl;
  }

  std::string stage() const {
    if (steps_ == 0) return "training";
    return fmt::format("training, loss {:.4f}, {:.0f} pairs/s", mean_, pairs_per_second());
  }
  double pairs_per_second() const {
    return double(steps_ * pairs_a_step_) / std::max(watch_.seconds(), 1e-9);
  }
  double loss() const noexcept { return mean_; }
  std::size_t steps() const noexcept { return steps_; }

 private:
  std::ofstream log_;
  Stopwatch watch_;
  std::size_t steps_ = 0;
  std::size_t pairs_a_step_;
  double mean_ = 0;
};

/// A run, what it is saved to and when.
class Session {
 public:
  Session(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
          const SessionOptions& options)
      : options_(options),
        run_(run),
        state_(options.out.lexically_normal().string() + ".training"),
        trainer_(data, recipe, run),
        resumed_(resume()),
        reporter_(options.log, resumed_, recipe.batch * recipe.accumulate) {}

  void run(const Progress& progress) {
    Stopwatch since_saved;
    try {
      while (trainer_.step() < trainer_.step_count()) {
        progress.tell(reporter_.stage(), trainer_.step(), trainer_.step_count());
        reporter_.tell(trainer_.train(progress));
        saved_ = false;
        if (since_saved.seconds() > options_.save_minutes * 60) {
          save();
          since_saved = {};
        }
        if (options_.eval_every > 0 && trainer_.step() % options_.eval_every == 0 &&
            trainer_.step() < trainer_.step_count()) {
          evaluate(progress);
        }
      }
    } catch (const Error& error) {
      throw Error(error.kind(), "{}; {}", error.what(), what_is_kept(error.kind()));
    }
    finish(progress);
  }

 private:
  bool resume() {
    if (!std::filesystem::exists(state_)) return false;
    if (options_.restart) return false;
    trainer_.resume(state_);
    complain(fmt::format("{}: goes on after step {} of {}; --restart begins anew\n",
                         state_.string(), trainer_.step(), trainer_.step_count()));
    return true;
  }

  void save() {
    trainer_.save(state_);
    saved_ = true;
  }

  /// Saves what an interrupted run has done; after a loss that is not finite there is nothing good.
  std::string what_is_kept(ErrorKind kind) {
    if (kind == ErrorKind::kCancelled && !saved_ && trainer_.step() > 0) save();
    if (!std::filesystem::exists(state_)) return "nothing was saved yet";
    return fmt::format("the same command goes on from {}, at step {}", state_.string(),
                       kind == ErrorKind::kCancelled ? fmt::format("{}", trainer_.step())
                                                     : std::string("it was saved at last"));
  }

  void evaluate(const Progress& progress) {
    if (options_.dev_sets.empty()) return;
    const std::filesystem::path model = state_.string() + ".model";
    trainer_.write_model(model, options_.command);
    complain(fmt::format("step {}: ", trainer_.step()));
    report_accuracy(model, options_.dev_sets, state_.string() + ".kb", run_.workers, progress);
    std::filesystem::remove_all(model);
  }

  void finish(const Progress& progress) {
    const double rate = reporter_.pairs_per_second();
    trainer_.write_model(options_.out, options_.command);
    evaluate(progress);
    std::filesystem::remove(state_);
    complain(fmt::format("{}: {}, loss {:.4f} at the end; {} here at {:.1f} pairs/s; {} {}\n",
                         options_.out.string(), counted(trainer_.step(), "step"), reporter_.loss(),
                         counted(reporter_.steps(), "step"), rate, name_of(current_tier()),
                         name_of(run_.precision)));
  }

  const SessionOptions& options_;
  const TrainRun& run_;
  std::filesystem::path state_;
  Trainer trainer_;
  bool resumed_;
  Reporter reporter_;
  bool saved_ = true;
};

}  // namespace

void run_training(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
                  const SessionOptions& options, const Progress& progress) {
  Session(data, recipe, run, options).run(progress);
}

}  // namespace enlace::cli
