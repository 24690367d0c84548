#include <string>

#include <spillway/status.hpp>

namespace spillway {

struct Status::Error {
    Code code;
    std::string message;
    std::string subject;
};

// Without memory for an error the process ends.
// NOLINTBEGIN(bugprone-unhandled-exception-at-new)
Status::Status(Code code, std::string_view message, std::string_view subject) noexcept
    : error_(new Error{code, std::string(message), std::string(subject)}) {}

Status::Status(const Status& other) noexcept
    : error_(other.error_ != nullptr ? new Error(*other.error_) : nullptr) {}
// NOLINTEND(bugprone-unhandled-exception-at-new)

Code Status::code() const noexcept { return error_ != nullptr ? error_->code : Code::ok; }

std::string_view Status::message() const noexcept {
    return error_ != nullptr ? std::string_view(error_->message) : std::string_view();
}

std::string_view Status::subject() const noexcept {
    return error_ != nullptr ? std::string_view(error_->subject) : std::string_view();
}

void Status::release() noexcept {
    delete error_;
    error_ = nullptr;
}

}  // namespace spillway
