"""Where keys and ciphers come from: software today, a certified cipher machine (密码机) later."""
