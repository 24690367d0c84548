#pragma once

#include <cstring>
#include <new>
#include <string>

#include <sys/mman.h>

#include <spillway/testing/place.hpp>

namespace spillway::cli {

/// A Place that a child writes and its parent reads.
class SharedPlace {
public:
    SharedPlace()
        : place_(static_cast<testing::Place*>(::mmap(nullptr, sizeof(testing::Place),
                                                     PROT_READ | PROT_WRITE,
                                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        if (place_ == MAP_FAILED) throw std::bad_alloc();
    }
    SharedPlace(const SharedPlace&) = delete;
    SharedPlace& operator=(const SharedPlace&) = delete;
    ~SharedPlace() { ::munmap(place_, sizeof(testing::Place)); }
    [[nodiscard]] testing::Place* get() const noexcept { return place_; }
    /// The child may have died in the middle of writing.
    [[nodiscard]] std::string text() const {
        return {place_->text, ::strnlen(place_->text, sizeof(place_->text))};
    }

private:
    testing::Place* place_;
};

}  // namespace spillway::cli
