#include <cstdio>
#include <memory>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Takes the file that it wrote in an earlier run for somebody else's.
class RefusesToGoOn : public Counter<RefusesToGoOn> {
public:
    static constexpr About about = about_sink("refuses_to_go_on");

    Status open(const SinkSetup& setup) noexcept override {
        const std::string path = std::string(setup.data_dir) + "/count";
        file_.reset(std::fopen(path.c_str(), setup.fresh ? "w" : "wx"));
        return file_ ? Status() : Status(Code::io, "there is such a file", path);
    }
    Status close() noexcept override {
        file_.reset();
        return {};
    }

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::RefusesToGoOn)
