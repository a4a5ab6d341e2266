#include "cli/training_session.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <fmt/core.h>

#include "cli/dev_sets.h"
#include "cli/terminal.h"
#include "io/json_writer.h"
#include "io/line_reader.h"
#include "io/publish.h"
#include "math/tier.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kReportSteps = 10;  // that a loss on the terminal is the mean of

/// The step that a line of the log is of; 0 if it is no such line.
std::uint64_t step_of(std::string_view line) noexcept {
  constexpr std::string_view kStart = "{\"step\":";
  std::uint64_t step = 0;
  if (!line.starts_with(kStart)) return 0;
  std::from_chars(line.data() + kStart.size(), line.data() + line.size(), step);
  return step;
}

/// Leaves of a log what is before a run that goes on: the steps up to `last`. What was done after
/// the last save is done again.
void cut_log(const std::string& path, std::uint64_t last) {
  if (path.empty() || !std::filesystem::is_regular_file(path)) return;
  std::string kept;
  LineReader reader(path);
  for (std::string_view line; reader.next(line);) {
    if (step_of(line) <= last) kept.append(line).push_back('\n');
  }
  publish_file(path, std::as_bytes(std::span(kept)));
}

/// Of a file that is there and no log, whose content would be lost.
void require_log(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return;
  LineReader reader(path);
  std::string_view line;
  if (reader.next(line) && step_of(line) == 0) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a log of training or no file, found another", path);
  }
}

/// Tells what goes on: on the terminal, and in a file of a line a step.
class Reporter {
 public:
  Reporter(const std::string& log, bool append, std::size_t pairs_a_step)
      : path_(log), pairs_a_step_(pairs_a_step) {
    if (log.empty()) return;
    require_log(log);
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
    if (!log_) throw Error(ErrorKind::kIo, "{}: cannot be written", path_);
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
  std::string path_;
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
        state_(options.out.string() + ".training"),
        trainer_(data, recipe, run),
        resumed_(resume()),
        reporter_(options.log, resumed_, recipe.batch * recipe.accumulate) {
    for (const char* part : {kModel, kKb}) const ScratchFolder left{state_.string() + part};
  }

  void run(const Progress& progress) {
    try {
      train(progress);
      finish(progress);
    } catch (const Error& error) {
      throw Error(error.kind(), "{}; {}", error.what(), what_is_kept());
    } catch (const std::exception&) {  // no memory, for example: main says what
      complain(what_is_kept() + "\n");
      throw;
    }
  }

 private:
  // Beside the state while a model is evaluated; a killed run leaves them.
  static constexpr const char* kModel = ".model";
  static constexpr const char* kKb = ".kb";

  bool resume() {
    if (!std::filesystem::exists(state_)) return false;
    if (options_.restart) return false;
    trainer_.resume(state_);
    saved_ = trainer_.step();
    cut_log(options_.log, saved_);
    complain(fmt::format("{}: goes on after step {} of {}; --restart begins anew\n",
                         state_.string(), saved_, trainer_.step_count()));
    return true;
  }

  void train(const Progress& progress) {
    Stopwatch since_saved;
    while (trainer_.step() < trainer_.step_count()) {
      progress.tell(reporter_.stage(), trainer_.step(), trainer_.step_count());
      reporter_.tell(step(progress));
      if (since_saved.seconds() > options_.save_minutes * 60) {
        save();
        since_saved = {};
      }
      if (options_.eval_every > 0 && trainer_.step() % options_.eval_every == 0 &&
          trainer_.step() < trainer_.step_count()) {
        evaluate(progress);
      }
    }
  }

  StepReport step(const Progress& progress) {
    try {
      return trainer_.train(progress);
    } catch (const Error& error) {
      sound_ = error.kind() == ErrorKind::kCancelled;
      throw;
    } catch (...) {
      sound_ = false;
      throw;
    }
  }

  void save() {
    trainer_.save(state_);
    saved_ = trainer_.step();
  }

  /// Saves what was done until something went wrong; after a loss that is not finite there is
  /// nothing good.
  std::string what_is_kept() {
    if (written_) return fmt::format("the model is whole in {}", options_.out.string());
    if (sound_ && saved_ < trainer_.step()) {
      try {
        save();
      } catch (const std::exception&) {  // what went wrong first is told; the last save stands
      }
    }
    if (saved_ == 0) return "nothing was saved yet";
    return fmt::format("the same command{} goes on from {}, at step {}",
                       options_.restart ? " without --restart" : "", state_.string(), saved_);
  }

  void evaluate(const Progress& progress) {
    if (options_.dev_sets.empty()) return;
    const std::filesystem::path model = state_.string() + kModel;
    const ScratchFolder scratch{model};
    trainer_.write_model(model, options_.command);
    tell_accuracy(model, progress);
  }

  void tell_accuracy(const std::filesystem::path& model, const Progress& progress) {
    if (options_.dev_sets.empty()) return;
    complain(fmt::format("step {}: ", trainer_.step()));
    report_accuracy(model, options_.dev_sets, state_.string() + kKb, run_.workers, progress);
  }

  void finish(const Progress& progress) {
    const double rate = reporter_.pairs_per_second();
    trainer_.write_model(options_.out, options_.command);
    written_ = true;
    std::filesystem::remove(state_);
    tell_accuracy(options_.out, progress);
    complain(fmt::format("{}: {}, loss {:.4f} at the end; {} here at {:.1f} pairs/s; {} {}\n",
                         options_.out.string(), counted(trainer_.step(), "step"), reporter_.loss(),
                         counted(reporter_.steps(), "step"), rate, name_of(current_tier()),
                         name_of(run_.precision)));
  }

  const SessionOptions& options_;
  const TrainRun& run_;
  std::filesystem::path state_;
  Trainer trainer_;
  std::uint64_t saved_ = 0;  // the step that was saved last
  bool resumed_;
  Reporter reporter_;
  bool sound_ = true;     // no step has failed
  bool written_ = false;  // the model is
};

}  // namespace

void run_training(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
                  const SessionOptions& options, const Progress& progress) {
  Session(data, recipe, run, options).run(progress);
}

}  // namespace enlace::cli
