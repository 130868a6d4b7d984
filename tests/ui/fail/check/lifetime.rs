use auth_runtime::check;

#[check]
async fn owns_post<'a>(_id: axum::extract::Path<&'a str>) -> bool {
    true
}

fn main() {}
