// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"

#include <string>
#include <string_view>

/// llhttp (strict) as the judge over the head gate. Feeds it the bytes of a head that the gate accepted and
/// returns what it disagrees about: that it refuses the head, ends it elsewhere, or reads another method,
/// target, version, field, length or end of the connection. Empty where both agree.
///
/// A method that the gate takes as Method::Other is shown to llhttp as GET: it refuses all that it does not
/// know, we leave those to the dispatcher.
std::string disagreement(std::string_view bytes, const spillway::http::RequestHead& head);
